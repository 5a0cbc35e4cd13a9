"""The public journal of a market: every change of it, numbered without gaps."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from markets.selectors.journal_records import kept_records
from trading.selectors.rows import fetch_all


@dataclass(frozen=True, slots=True)
class JournalRecord:
    """``kind`` is one of ``markets.types.EventKind``; ``actor`` the handle of who caused it, if a person did."""

    seq: int
    kind: str
    at: datetime
    actor: str
    data: dict[str, Any]


_SELECT: Final = """
SELECT e.seq, e.kind, e.at, COALESCE(u.username, ''), e.data::text
FROM markets_marketevent e LEFT JOIN accounts_user u ON u.id = e.actor_id
WHERE e.market_id = %(market_id)s AND e.seq > %(after_seq)s
ORDER BY e.seq
LIMIT %(limit)s
"""


#: Keys of a lifecycle record that everybody may see.
SHOWN: Final = frozenset(
    {"question", "kind", "outcomes", "reason", "payouts", "challenge_ends_at", "liquidity", "closes_at"}
)
#: A trade without whose it was: kind, outcome, side, price, quantity, cost.
_PUBLIC_FILL: Final = 6


def public_data(data: dict[str, Any]) -> dict[str, Any]:
    """What a record tells everybody, in integers: never an order's owner, holds or balances."""
    if "c" not in data:
        return {name: value for name, value in data.items() if name in SHOWN}
    return {"l": data["l"], "f": [fill[:_PUBLIC_FILL] for fill in data["f"]], "p": data["p"]}


def journal(market_id: int, *, after_seq: int = 0, limit: int = 100) -> list[JournalRecord]:
    """The records right after ``after_seq``, in order."""
    rows = fetch_all(_SELECT, {"market_id": market_id, "after_seq": after_seq, "limit": limit})
    if not rows or rows[0][0] != after_seq + 1:
        # Old records are in the archive, whose actors nobody is told.
        kept = kept_records(market_id, after_seq=after_seq, upto_seq=after_seq + limit)
        rows = [(record.seq, record.kind, record.at, "", record.data) for record in kept]
    return [JournalRecord(seq, kind, at, actor, json.loads(data)) for seq, kind, at, actor, data in rows]
