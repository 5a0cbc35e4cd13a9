"""The fuses of order groups within one batch.

Locks      The rows of groups, by id, after the market's head and before accounts: so of all markets in which a group
           trades one batch at a time goes on, with the fills of all the others in sight.
Contract   Nothing is read or locked for a market in which no order has a group.
Bound      A group's fills pass its limit by less than what one command (with the stops that it fires) fills of it:
           after that command what is left of the group in the market is cancelled within the same transaction, and
           in any other market before that market decides anything else.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from common.arrays import integers
from trading.services._pipeline import Pipeline
from trading.types import Effects, Refusal

_LOCK: Final = "SELECT id FROM trading_ordergroup WHERE id = ANY (%s::bigint[]) ORDER BY id FOR NO KEY UPDATE"
#: A statement of its own, so that it sees what those committed for whom the lock waited.
_READ: Final = """
SELECT g.id, g.user_id, g.tripped_at IS NOT NULL, g.limit_lots, g.limit_lots - COALESCE((
    SELECT sum(f.lots) FROM trading_groupfill f
    WHERE f.group_id = g.id AND f.at > %s::timestamptz - make_interval(secs => g.window_s)), 0)::bigint
FROM trading_ordergroup g WHERE g.id = ANY (%s::bigint[])
"""
_ADD_FILLS: Final = """
WITH old AS (
    DELETE FROM trading_groupfill f USING trading_ordergroup g
    WHERE f.group_id = g.id AND g.id = ANY (%s::bigint[])
      AND f.at <= %s::timestamptz - make_interval(secs => g.window_s)
)
INSERT INTO trading_groupfill (at, group_id, lots) SELECT %s::timestamptz, unnest(%s::bigint[]), unnest(%s::bigint[])
"""
_TRIP: Final = "UPDATE trading_ordergroup SET tripped_at = %s::timestamptz WHERE id = ANY (%s::bigint[])"


@dataclass(slots=True)
class _Meter:
    """``left`` lots may still fill within the window; ``filled`` by this batch."""

    user_id: int
    is_tripped: bool
    limit: int
    left: int
    filled: int = 0

    @property
    def is_blown(self) -> bool:
        return self.is_tripped or self.filled >= self.left


@dataclass(slots=True)
class GroupMeters:
    """Of every group that this batch has met; a group that was deleted has no meter and lets nothing pass."""

    pipe: Pipeline
    now: datetime
    _meters: dict[int, _Meter] = field(default_factory=dict)
    _asked: set[int] = field(default_factory=set)

    @property
    def is_used(self) -> bool:
        return bool(self._asked)

    def lock(self, group_ids: Iterable[int]) -> None:
        """Lock and read those that aren't known yet."""
        new = sorted(set(group_ids) - self._asked)
        if not new:
            return
        self._asked.update(new)
        self.pipe.send(_LOCK, [integers(new)])
        found = self.pipe.send(_READ, [self.now.isoformat(), integers(new)])
        for group_id, user_id, is_tripped, limit, left in found.fetchall():
            self._meters[group_id] = _Meter(user_id, is_tripped, limit, left)

    def begin(self) -> None:
        """Forget what was counted: everything is decided again."""
        for meter in self._meters.values():
            meter.filled = 0

    def is_blown(self, group_id: int) -> bool:
        meter = self._meters.get(group_id)
        return meter is None or meter.is_blown

    def refuse(self, user_id: int, group_id: int) -> Refusal | None:
        """Whether the group takes this trader's new order."""
        self.lock([group_id])
        meter = self._meters.get(group_id)
        return refuse_group(group_id, meter is not None and meter.user_id == user_id, self.is_blown(group_id))

    def add(self, effects: Effects) -> list[int]:
        """Count what a command filled. Returns the groups that it blew."""
        groups = {
            view.order_id: view.spec.ties.group_id
            for view in effects.orders
            if view.spec.ties is not None and view.spec.ties.group_id is not None
        }
        blown: list[int] = []
        for fill in effects.fills if groups else ():
            for order_id in (fill.taker_order_id, fill.maker_order_id):
                group_id = groups.get(order_id) if order_id is not None else None
                meter = self._meters.get(group_id) if group_id is not None else None
                if meter is None or group_id is None:
                    continue
                was_blown = meter.is_blown
                meter.filled += fill.quantity
                if meter.is_blown and not was_blown:
                    blown.append(group_id)
        return blown

    def write(self) -> list[int]:
        """Send what was counted. Returns the groups that were tripped."""
        filled = {group_id: meter.filled for group_id, meter in self._meters.items() if meter.filled}
        if not filled:
            return []
        now, ids = self.now.isoformat(), integers(list(filled))
        self.pipe.send(_ADD_FILLS, [ids, now, now, ids, integers(list(filled.values()))])
        tripped = [i for i in filled if self._meters[i].is_blown and not self._meters[i].is_tripped]
        if tripped:
            self.pipe.send(_TRIP, [now, integers(tripped)])
        return tripped


def refuse_group(group_id: int, is_own: bool, is_blown: bool) -> Refusal | None:
    if not is_own:
        return Refusal("order.group_not_found", f"You have no order group {group_id}.", "/order_group_id")
    if is_blown:
        detail = f"Order group {group_id} has tripped and takes no orders; reset it first."
        return Refusal("order.group_tripped", detail, "/order_group_id", {"order_group_id": group_id})
    return None
