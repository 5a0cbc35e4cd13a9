"""Finds what is unusual in one series, one value at a time.

Contract   ``update`` sees a value once, in order of time, and knows nothing of later ones, nor of bounds, length or
           labels. Six simple forecasters run side by side: the last value, a fast and a slow level, the time of day,
           the same with today's offset, the time of week. A value is judged by the best short and the best long one of
           them: surprising only if both are surprised, or if the long one errs in one direction for some time.
           Over that lies an anomaly likelihood: how far the recent mean of surprise is from its long history.
Invariant  After a detection the detector rests; while more than half of the recent values would be detections, it is
           stuck and says nothing. What was within the bounds of other days at this time is at most odd.
Bound      Constant memory (``seasons``), a few tens of microseconds a value.
"""

import math
from dataclasses import dataclass
from typing import Final

from monitoring.forecasting.engine.seasons import DAY_S, DAY_SLOT_S, WEEK_S, WEEK_SLOT_S, DayRanges, SlotMeans
from monitoring.forecasting.engine.tails import Channel

#: Severity from which a value is reported, unless the operator says otherwise.
THRESHOLD: Final = 2.5
#: So many decades of rarity, or deviations of the recent surprise, are one unit of severity.
_UNIT: Final = 1.8
#: Values before anything is judged.
LEARN: Final = 60
#: Until so many values a severity counts only in part: what little was seen says little.
RAMP: Final = 300
#: Values after a detection that aren't reported.
REST: Final = 90
_STUCK_OVER: Final = 450.0
_STUCK_SHARE: Final = 0.5
_FAST, _SLOW, _OFFSET, _DRIFT, _ERROR = 0.3, 0.01, 0.05, 0.1, 0.01
#: What is usual at this time of day is worth at most this many decades.
_USUAL_MAX: Final = 1.5
#: A forecaster is trusted after so many values, a season also has to be this much better than the slow level.
_TRUST_AFTER: Final = 100
_SEASON_GAIN: Final = 0.9
_SURPRISE: Final = 0.1
_SURPRISE_HISTORY: Final = 0.002
_RECORD_MIN: Final = 0.02
_RECORD_MAX: Final = 2.0

_LAST, _QUICK, _LEVEL, _DAY, _WEEK, _TODAY = range(6)


@dataclass(slots=True)
class Reading:
    """What was made of a value. ``severity`` is 0 while learning; ``expected`` is of the best long forecaster."""

    severity: float
    expected: float
    is_anomaly: bool = False
    is_stuck: bool = False


class Forecaster:
    """The errors of one simple forecast: their mean size, how rare the newest is, and how rare their drift."""

    __slots__ = ("drift", "drift_rarity", "drifts", "error", "points", "rarity", "seen")

    def __init__(self) -> None:
        self.seen = 0
        self.error = 0.0
        self.rarity = 0.0
        self.drift = 0.0
        self.drift_rarity = 0.0
        self.points = Channel(20, 0.004)
        self.drifts = Channel(40, 0.005)

    def judge(self, error: float, floor: float) -> None:
        self.seen += 1
        size = abs(error)
        self.error += max(_ERROR, 1.0 / self.seen) * (size - self.error)
        self.rarity = self.points.rarity(size, floor)
        self.drift += _DRIFT * (error - self.drift)
        self.drift_rarity = self.drifts.rarity(abs(self.drift), floor)


class Surprise:
    """How far the recent mean of a number is above its long history, in deviations."""

    __slots__ = ("history", "recent", "seen", "variance")

    def __init__(self) -> None:
        self.recent = 0.0
        self.history = 0.0
        self.variance = 0.1
        self.seen = 0

    def update(self, decades: float) -> float:
        self.seen += 1
        self.recent += _SURPRISE * (min(decades, 6.0) - self.recent)
        if self.seen <= LEARN:
            return 0.0
        distance = self.recent - self.history
        found = distance / math.sqrt(self.variance + 1e-4)
        weight = max(_SURPRISE_HISTORY, 1.0 / (self.seen - LEARN))
        self.history += weight * distance
        self.variance += weight * (distance * distance - self.variance)
        return max(0.0, found)


class Records:
    """Highs and lows beyond all before, in shares of the range so far."""

    __slots__ = ("high", "low")

    def __init__(self, first: float) -> None:
        self.low = self.high = first

    def update(self, value: float) -> float:
        width = self.high - self.low
        beyond = max(value - self.high, self.low - value)
        if beyond <= 0.0:
            return 0.0
        self.low, self.high = min(self.low, value), max(self.high, value)
        share = min(_RECORD_MAX, beyond / width) if width > 0.0 else 0.0
        return 4.0 + 2.0 * math.log10(share / 0.05) if share > _RECORD_MIN else 0.0


class Detector:
    """The state of one series."""

    __slots__ = (
        "day", "first_at", "forecasters", "last", "level", "offset", "over_share", "quick", "ranges", "records",
        "resting", "seen", "surprise", "threshold", "week",
    )  # fmt: skip

    def __init__(self, threshold: float = THRESHOLD) -> None:
        self.threshold = threshold
        self.seen = 0
        self.first_at = 0.0
        self.last = self.quick = self.level = self.offset = 0.0
        self.day = SlotMeans(DAY_S, DAY_SLOT_S, 0.25)
        self.week = SlotMeans(WEEK_S, WEEK_SLOT_S, 0.35)
        self.ranges = DayRanges()
        self.forecasters = [Forecaster() for _ in range(6)]
        self.surprise = Surprise()
        self.records: Records | None = None
        self.resting = 0
        self.over_share = 0.0

    def update(self, at: float, value: float) -> Reading:
        """Judge a finite ``value`` measured ``at`` (seconds since 1970), then learn from it."""
        self.seen += 1
        is_usual = self.ranges.learn(at, value)
        day, week = self.day.learn(at, value), self.week.learn(at, value)
        if self.records is None:
            self.records, self.first_at = Records(value), at
            self.last = self.quick = self.level = value
            return Reading(0.0, value)
        week = week if at - self.first_at > WEEK_S + 4 * WEEK_SLOT_S else None
        forecasts = (self.last, self.quick, self.level, day, week, None if day is None else day + self.offset)
        self._judge(value, forecasts)
        long = self._long(forecasts)
        decades = self._decades(value, self._short(long, forecasts), long, is_usual)
        self._learn(value, day)
        expected = forecasts[long]
        assert expected is not None
        trust = min(1.0, self.seen / RAMP) if self.seen > LEARN else 0.0
        return self._reported(trust * decades / _UNIT, expected)

    def _judge(self, value: float, forecasts: tuple[float | None, ...]) -> None:
        floor = 1e-4 * abs(self.level) + 1e-9
        for forecaster, forecast in zip(self.forecasters, forecasts, strict=True):
            if forecast is not None:
                forecaster.judge(value - forecast, floor)

    def _long(self, forecasts: tuple[float | None, ...]) -> int:
        """The best of those that don't follow the newest values."""
        best = _LEVEL
        for season in (_DAY, _WEEK):
            candidate = self.forecasters[season]
            is_known = forecasts[season] is not None and candidate.seen > _TRUST_AFTER
            if is_known and candidate.error < _SEASON_GAIN * self.forecasters[best].error:
                best = season
        return best

    def _short(self, long: int, forecasts: tuple[float | None, ...]) -> int:
        best = long
        for quick in (_LAST, _QUICK, _TODAY):
            candidate = self.forecasters[quick]
            is_known = forecasts[quick] is not None and candidate.seen > _TRUST_AFTER
            if is_known and candidate.error < self.forecasters[best].error:
                best = quick
        return best

    def _decades(self, value: float, short: int, long: int, is_usual: bool) -> float:
        assert self.records is not None
        newest, steady = self.forecasters[short], self.forecasters[long]
        cap = _USUAL_MAX if is_usual else math.inf
        point = min(newest.rarity, steady.rarity, cap)
        likelihood = self.surprise.update(min(newest.rarity, cap))
        return max(point, steady.drift_rarity, self.records.update(value), likelihood)

    def _learn(self, value: float, day: float | None) -> None:
        if day is not None:
            self.offset += _OFFSET * (value - day - self.offset)
        self.last = value
        self.quick += _FAST * (value - self.quick)
        self.level += max(_SLOW, 1.0 / self.seen) * (value - self.level)

    def _reported(self, severity: float, expected: float) -> Reading:
        is_over = severity >= self.threshold
        self.over_share += ((1.0 if is_over else 0.0) - self.over_share) / _STUCK_OVER
        is_stuck = self.over_share > _STUCK_SHARE
        if self.resting > 0:
            self.resting -= 1
            return Reading(severity, expected, is_stuck=is_stuck)
        if is_over and not is_stuck:
            self.resting = REST
            return Reading(severity, expected, is_anomaly=True)
        return Reading(severity, expected, is_stuck=is_stuck)
