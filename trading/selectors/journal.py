"""The public journal of a market: every change of it, numbered without gaps."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

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


def journal(market_id: int, *, after_seq: int = 0, limit: int = 100) -> list[JournalRecord]:
    """The records right after ``after_seq``, in order."""
    rows = fetch_all(_SELECT, {"market_id": market_id, "after_seq": after_seq, "limit": limit})
    return [JournalRecord(seq, kind, at, actor, json.loads(data)) for seq, kind, at, actor, data in rows]
