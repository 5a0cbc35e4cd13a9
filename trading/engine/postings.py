"""Effects as ledger lines.

Contract   One transfer per command: lines of (party, amount, kind) that sum to zero, cash in units. A
           party's lines together are its change in ``effects.cash``; nothing is left out.
"""

from collections import defaultdict
from enum import StrEnum
from typing import NamedTuple

from trading.types import FEES, Effects, PlaceOrder


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
    kind = PostingKind.TRADE if isinstance(effects.command, PlaceOrder) or effects.fills else PostingKind.SETS
    fees = _fees(effects)
    lines = [
        Posting(party, amount + fees.get(party, 0), kind)
        for party, amount in effects.cash.items()
        if party != FEES and amount + fees.get(party, 0)
    ]
    lines += [Posting(party, -fee, PostingKind.FEE) for party, fee in fees.items()]
    if FEES in effects.cash:
        lines.append(Posting(FEES, effects.cash[FEES], PostingKind.FEE))
    assert sum(line.amount for line in lines) == 0, "every transfer balances"
    return lines


def _fees(effects: Effects) -> dict[int, int]:
    """What each trader paid in fees by this command."""
    if FEES not in effects.cash:
        return {}
    fees: dict[int, int] = defaultdict(int)
    for fill in effects.fills:
        fees[fill.taker_user_id] += fill.taker_fee
        fees[fill.maker_user_id] += fill.maker_fee
    return {party: fee for party, fee in fees.items() if fee}
