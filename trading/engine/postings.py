"""Effects as ledger lines.

Contract   One transfer per command: lines of (party, amount, kind) that sum to zero, cash in units. A
           party's lines together are its change in ``effects.cash``; nothing is left out.
"""

from collections import defaultdict
from enum import StrEnum
from typing import NamedTuple

from trading.types import FEES, Effects


class PostingKind(StrEnum):
    TRADE = "trade"
    FEE = "fee"
    SETS = "sets"


class Posting(NamedTuple):
    party: int
    amount: int
    kind: PostingKind


def postings(effects: Effects) -> list[Posting]:
    """Balanced ledger lines of one command; empty when no cash moved."""
    if not effects.cash:
        return []
    kind = PostingKind.TRADE if effects.fills else PostingKind.SETS
    if FEES not in effects.cash:
        return [Posting(party, amount, kind) for party, amount in effects.cash.items() if amount]
    fees = _fees(effects)
    lines = [Posting(party, -fee, PostingKind.FEE) for party, fee in fees.items()]
    lines.append(Posting(FEES, effects.cash[FEES], PostingKind.FEE))
    for party, amount in effects.cash.items():
        rest = amount + fees.get(party, 0)
        if rest and party != FEES:
            lines.append(Posting(party, rest, kind))
    assert sum([line.amount for line in lines]) == 0, "every transfer balances"
    return lines


def _fees(effects: Effects) -> dict[int, int]:
    """What each trader paid in fees by this command."""
    fees: dict[int, int] = defaultdict(int)
    for fill in effects.fills:
        fees[fill.taker_user_id] += fill.taker_fee
        fees[fill.maker_user_id] += fill.maker_fee
    return {party: fee for party, fee in fees.items() if fee}
