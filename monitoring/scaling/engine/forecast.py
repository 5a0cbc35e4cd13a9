"""Seeing a load come that came before, and proof that it pays.

Contract   ``observe`` takes the load of each bucket in turn, measured in instances that would carry it at the target;
           ``peak`` is the highest load that the best repetition expects until an instance started now is ready and
           has worked for a while. It is None until that repetition has paid.
Why        Every forecast is kept until its time has come and then judged: was it right when the load alone would
           have been too late, and how much would it have wasted? Only a repetition whose recent record has more of the
           first than it may cost of the second is followed. So a load without a rhythm gets no forecast at all.
           A record reaches two days back even for short repetitions: of many that are tried, some are right by chance
           for an hour.
           Where a day or a week explains nearly all of how the load moves, small rises are told as well: of a smooth
           load none is a shortage by itself.
Bound      Memory is ``REPEATS`` longest periods of numbers; a bucket costs some 100 additions.
"""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from monitoring.scaling.engine.season import Season

MINUTE_S: Final = 60.0
#: Periods that are tried, in minutes: 15, 30, 1 h to 12 h, a day, a week.
PERIODS_MIN: Final = (15, 30, 60, 120, 180, 240, 360, 480, 720, 1440, 10080)
REPEATS: Final = 3
#: A shortage: more load than this share above what the present count carries.
HEADROOM: Final = 1.14
#: How much waste, in instance-buckets, one prevented bucket of shortage may cost.
WORTH: Final = 6.0
PROVEN_MIN: Final = 2.0
#: A record fades over so many of its periods, and over days if they are longer.
FADES_OVER: Final = 2.0
_DAY_MIN: Final = 1440
#: What a day or a week has to explain for small rises to be told.
EXPLAINED_MIN: Final = 0.9


@dataclass(slots=True)
class Record:
    """How a repetition did lately, fading: buckets of shortage it would have prevented, and what it wasted."""

    prevented: float = 0.0
    missed: float = 0.0
    wasted: float = 0.0

    def fade(self, share: float) -> None:
        self.prevented *= share
        self.missed *= share
        self.wasted *= share

    @property
    def gain(self) -> float:
        return self.prevented * WORTH - self.wasted

    @property
    def has_paid(self) -> bool:
        return self.prevented >= PROVEN_MIN and self.gain > 0 and self.prevented > self.missed


class Forecaster:
    """For one target; ``lead`` buckets pass until an instance that is started now is ready."""

    def __init__(self, *, lead: int = 3, bucket_s: float = MINUTE_S, periods: Sequence[int] | None = None) -> None:
        self.lead = lead
        minutes = periods or PERIODS_MIN
        self._periods = [max(round(period * MINUTE_S / bucket_s), 1) for period in minutes]
        self._periods = sorted({period for period in self._periods if period > 2 * lead})
        self._day = round(_DAY_MIN * MINUTE_S / bucket_s)
        self._loads: deque[float] = deque(maxlen=max(self._periods, default=1) * REPEATS + 4 * lead)
        self._waiting: deque[dict[int, float]] = deque()
        self._seasons = [Season(period) for period in self._periods if period >= self._day]
        self.records = {period: Record() for period in self._periods}

    def observe(self, load: float) -> None:
        """The load of the bucket that just ended; judges the forecasts whose time has come."""
        self._loads.append(load)
        for season in self._seasons:
            at = len(self._loads) - 1 - season.period
            season.observe(load, self._loads[at] if at >= 0 else None)
        self._waiting.append({period: peak for period in self._periods if (peak := self._peak(period)) is not None})
        if len(self._waiting) > self.lead:
            self._judge(self._waiting.popleft())

    def peak(self) -> float | None:
        """The highest load to expect while an instance starts, by a repetition that has paid or a clear season."""
        paid = [(record.gain, period) for period, record in self.records.items() if record.has_paid]
        found = self._peak(max(paid)[1]) if paid else None
        season = max(self._seasons, key=lambda one: one.explained, default=None)
        if found is not None or season is None or season.explained < EXPLAINED_MIN:
            return found
        return self._peak(season.period, least=0.0)

    @property
    def best(self) -> tuple[int, Record] | None:
        """The repetition with the greatest gain, in buckets, whether it has paid or not."""
        found = max(self.records.items(), key=lambda item: item[1].gain, default=None)
        return found if found is not None and found[1].gain > 0 else None

    def _peak(self, period: int, *, least: float = HEADROOM - 1) -> float | None:
        """What came within the lead after this phase in earlier periods, seen from the load of now."""
        loads, last = self._loads, len(self._loads) - 1
        starts = [start for turn in range(1, REPEATS + 1) if (start := last - turn * period) >= 1]
        if not starts:
            return None
        now = loads[last]
        rises = [self._rise(start) for start in starts]
        # The middle one: a single odd day neither starts instances nor hides a rhythm.
        rises.sort()
        middle = len(rises) // 2
        rise = rises[middle] if len(rises) % 2 else (rises[middle - 1] + rises[middle]) / 2
        # A small rise is carried by what there is; speaking of it would only cost.
        return now + rise if rise > now * least else None

    def _rise(self, start: int) -> float:
        loads = self._loads
        return max(loads[index] for index in range(start + 1, start + self.lead + 1)) - loads[start]

    def _judge(self, peaks: dict[int, float]) -> None:
        loads, last = self._loads, len(self._loads) - 1
        start = last - self.lead
        before, came = loads[start], max(loads[index] for index in range(start + 1, last + 1))
        is_short = came > before * HEADROOM
        for period, record in self.records.items():
            peak = peaks.get(period, before)
            record.fade(1.0 - 1.0 / (FADES_OVER * max(period, self._day)))
            if is_short and peak * HEADROOM >= came:
                record.prevented += 1.0
            elif is_short:
                record.missed += 1.0
            record.wasted += max(peak - max(came, before), 0.0)
