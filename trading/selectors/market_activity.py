"""What happened to a market beside its trades: turns of its life, liquidity, comments.

Bound      One statement each for records and comments. Of the journal the newest ``LOOK`` records are looked at, so
           that a market with a million trades costs what any other does; what is older is told by the market's life.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from markets.selectors.comments import comment_threads
from trading.selectors.rows import fetch_all

LOOK: Final = 1_000
TURNS_MAX: Final = 30
COMMENTS_MAX: Final = 10
#: Records that tell a reader something.
_TOLD: Final = (
    "created", "opened", "halted", "resumed", "closed", "proposed", "disputed", "resolved", "voided", "limits_changed",
    "liquidity_added", "liquidity_withdrawn", "settled", "settlement_undone",
)  # fmt: skip
_TURNS: Final = """
SELECT e.kind, e.at, COALESCE(u.username, '')
FROM (
    SELECT kind, at, actor_id, seq FROM markets_marketevent
    WHERE market_id = %(market_id)s ORDER BY seq DESC LIMIT %(look)s
) e
LEFT JOIN accounts_user u ON u.id = e.actor_id
WHERE e.kind = ANY(%(kinds)s)
ORDER BY e.seq DESC LIMIT %(limit)s
"""


@dataclass(frozen=True, slots=True)
class Happening:
    """``kind`` is that of the record, or ``commented``; ``person`` a handle, empty for the site. ``comment_id`` and
    ``text`` are of comments."""

    kind: str
    at: datetime
    person: str
    comment_id: int | None = None
    text: str = ""


def market_activity(market_id: int) -> tuple[Happening, ...]:
    """The newest first."""
    given = {"market_id": market_id, "look": LOOK, "kinds": list(_TOLD), "limit": TURNS_MAX}
    turns = [Happening(*row) for row in fetch_all(_TURNS, given)]
    comments = [
        Happening("commented", one.created_at, one.author, one.id, one.plain)
        for one in comment_threads(market_id, limit=COMMENTS_MAX).items
        if one.is_shown
    ]
    return tuple(sorted([*turns, *comments], key=lambda one: one.at, reverse=True))
