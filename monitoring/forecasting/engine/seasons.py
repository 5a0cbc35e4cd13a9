"""What a series does at this time of day and of week, learnt as it goes.

Contract   Times are seconds since 1970; days and weeks are UTC, so a change of clocks moves a habit by an hour, which
           is learnt within days. A profile says nothing about a time it hasn't seen.
Bound      At most 288 means for a day, 336 for a week, 48 ranges.
"""

from typing import Final

DAY_S: Final = 86_400
WEEK_S: Final = 604_800
DAY_SLOT_S: Final = 300
WEEK_SLOT_S: Final = 1_800
RANGE_SLOT_S: Final = 1_800
_RANGES: Final = DAY_S // RANGE_SLOT_S
#: A range that isn't reached again shrinks by this share a day.
_SHRINK: Final = 0.15
#: Values this share of a range beyond it still count as inside.
_MARGIN: Final = 0.3


class SlotMeans:
    """The mean of each slot of a period, the newest period weighing at least ``weight``."""

    __slots__ = ("means", "period_s", "seen", "slot_s", "weight")

    def __init__(self, period_s: int, slot_s: int, weight: float) -> None:
        self.period_s = period_s
        self.slot_s = slot_s
        self.weight = weight
        self.means: dict[int, float] = {}
        self.seen: dict[int, int] = {}

    def learn(self, at: float, value: float) -> float | None:
        """What was expected at this time before ``value`` was known; None the first time."""
        slot = int(at % self.period_s) // self.slot_s
        before = self.means.get(slot)
        if before is None:
            self.means[slot], self.seen[slot] = value, 1
            return None
        seen = self.seen[slot] + 1
        self.seen[slot] = seen
        self.means[slot] = before + max(self.weight, 1.0 / seen) * (value - before)
        return before


class DayRanges:
    """Between which bounds a series was on days before within half an hour of this time of day, and half an hour ago.

    Why   A backup each night is no news, though it never starts on the minute.
    """

    __slots__ = ("high", "low", "ranges", "slot")

    def __init__(self) -> None:
        self.ranges: dict[int, tuple[float, float]] = {}
        self.slot = -1
        self.low = 0.0
        self.high = 0.0

    def learn(self, at: float, value: float) -> bool:
        """Whether ``value`` is within these bounds."""
        slot = int(at % DAY_S) // RANGE_SLOT_S
        is_usual = self._is_usual(slot, value)
        if slot != self.slot:
            self._close()
            self.slot, self.low, self.high = slot, value, value
        elif value < self.low:
            self.low = value
        elif value > self.high:
            self.high = value
        return is_usual

    def _is_usual(self, slot: int, value: float) -> bool:
        near = [self.ranges[near] for near in ((slot - 1) % _RANGES, slot, (slot + 1) % _RANGES) if near in self.ranges]
        if not near:
            return False
        low, high = min(entry[0] for entry in near), max(entry[1] for entry in near)
        margin = _MARGIN * (high - low)
        return low - margin <= value <= high + margin

    def _close(self) -> None:
        if self.slot < 0:
            return
        low, high = self.ranges.get(self.slot, (self.low, self.high))
        self.ranges[self.slot] = (
            min(self.low, low + _SHRINK * (self.low - low)),
            max(self.high, high + _SHRINK * (self.high - high)),
        )
