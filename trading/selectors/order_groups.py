"""A trader's order groups: what filled within the window, and whether the fuse holds."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from trading.selectors.rows import fetch_all

GROUPS_MAX: Final = 100


@dataclass(frozen=True, slots=True)
class GroupView:
    """Quantities in lots; ``filled`` within the last ``window_s`` seconds."""

    id: int
    limit: int
    window_s: int
    filled: int
    open_orders: int
    tripped_at: datetime | None
    is_by_hand: bool
    created_at: datetime

    @property
    def left(self) -> int:
        return max(self.limit - self.filled, 0)


_GROUPS: Final = """
SELECT g.id, g.limit_lots, g.window_s, COALESCE((
           SELECT sum(f.lots) FROM trading_groupfill f
           WHERE f.group_id = g.id AND f.at > now() - make_interval(secs => g.window_s)), 0)::bigint,
       (SELECT count(*) FROM trading_order o
        WHERE o.group_id = g.id AND o.status IN ('open', 'waiting', 'triggered')),
       g.tripped_at, g.is_by_hand, g.created_at
FROM trading_ordergroup g
WHERE g.user_id = %(user_id)s AND (%(group_id)s::bigint IS NULL OR g.id = %(group_id)s)
ORDER BY g.id
"""


def order_groups(user_id: int) -> list[GroupView]:
    """All groups of the trader, oldest first; there are at most GROUPS_MAX."""
    return [GroupView(*row) for row in fetch_all(_GROUPS, {"user_id": user_id, "group_id": None})]


def access_group(user_id: int, group_id: int) -> GroupView | None:
    """The group if it is this trader's, else ``None``."""
    rows = fetch_all(_GROUPS, {"user_id": user_id, "group_id": group_id})
    return GroupView(*rows[0]) if rows else None


def tripped_groups_with_orders() -> list[int]:
    """Groups whose fuse has blown and that still have orders somewhere."""
    statement = """SELECT g.id FROM trading_ordergroup g WHERE g.tripped_at IS NOT NULL AND EXISTS (
        SELECT FROM trading_order o WHERE o.group_id = g.id AND o.status IN ('open', 'waiting', 'triggered'))
        ORDER BY g.id LIMIT 1000"""
    return [group_id for (group_id,) in fetch_all(statement, {})]
