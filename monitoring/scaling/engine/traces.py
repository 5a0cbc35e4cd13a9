"""Loads to try scaling on: made up ones, and files with a time and a value in each line.

Contract   A trace is (seconds since its beginning, load), times rising. Made up ones are the same for the same seed.
"""

import csv
import math
import random
from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from itertools import pairwise
from typing import Final

Trace = Sequence[tuple[float, float]]
_DAY_S: Final = 86_400
_HOUR_S: Final = 3_600
_STEP_S: Final = 60


class TraceInvalid(ValueError):
    """The text holds no load over time; the message says where and why."""


def read_trace(lines: Iterable[str], *, value_column: int = 1, counts_rows: bool = False) -> list[tuple[float, float]]:
    """Rows of a CSV file as a trace. Times are seconds or ISO moments; a first line without numbers is a header.

    ``counts_rows``: the rows are single events, and the load is how many of them came in each minute.

    Raises: TraceInvalid
    """
    rows = [row for row in csv.reader(lines) if row]
    first = 0 if rows and _moment(rows[0][0]) is not None else 1
    times = [_time(row, number + first + 1) for number, row in enumerate(rows[first:])]
    if any(later < earlier for earlier, later in pairwise(times)):
        raise TraceInvalid("The times have to rise.")
    if len(times) < 2 or times[-1] == times[0]:
        raise TraceInvalid("There have to be two moments at least.")
    if counts_rows:
        return _counted([time - times[0] for time in times])
    values = [_value(row, value_column, number + first + 1) for number, row in enumerate(rows[first:])]
    return [(time - times[0], value) for time, value in zip(times, values, strict=True)]


def resampled(trace: Trace, step_s: float) -> list[float]:
    """The load at each step, in a straight line between two points of the trace."""
    times = [time for time, _ in trace]
    found = []
    for number in range(int(times[-1] // step_s) + 1):
        moment = number * step_s
        at = min(bisect_right(times, moment), len(trace) - 1)
        (earlier, low), (later, high) = trace[at - 1], trace[at]
        share = (moment - earlier) / (later - earlier) if later > earlier else 1.0
        found.append(max(low + (high - low) * min(share, 1.0), 0.0))
    return found


def _time(row: Sequence[str], line: int) -> float:
    found = _moment(row[0])
    if found is None:
        raise TraceInvalid(f"Line {line}: {row[0]!r} is no time.")
    return found


def _moment(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        pass
    try:
        # Python reads six digits of a second; some files have seven.
        return datetime.fromisoformat(text[:26]).timestamp()
    except ValueError:
        return None


def _value(row: Sequence[str], column: int, line: int) -> float:
    try:
        value = float(row[column])
    except (IndexError, ValueError) as problem:
        raise TraceInvalid(f"Line {line}: there is no number in column {column + 1}.") from problem
    if not math.isfinite(value) or value < 0:
        raise TraceInvalid(f"Line {line}: a load is a number from 0 on.")
    return value


def _counted(times: Sequence[float]) -> list[tuple[float, float]]:
    counts = [0] * (int(times[-1] // _STEP_S) + 1)
    for time in times:
        counts[int(time // _STEP_S)] += 1
    return [(number * float(_STEP_S), float(count)) for number, count in enumerate(counts)]


def _made(days: float, load: Callable[[float], float], seed: int, noise: float = 0.03) -> list[tuple[float, float]]:
    rng = random.Random(seed)
    moments = [float(moment) for moment in range(0, int(days * _DAY_S) + 1, _STEP_S)]
    return [(moment, max(load(moment) * (1 + rng.gauss(0, noise)), 0.0)) for moment in moments]


def _diurnal(seed: int) -> Trace:
    """A week of days, lowest at four in the morning."""
    return _made(7, lambda at: 100 - 70 * math.cos((at / _DAY_S - 1 / 6) * 2 * math.pi), seed)


def _sessions(seed: int) -> Trace:
    """A week of trading days that open and close within two minutes."""

    def load(at: float) -> float:
        hour = at % _DAY_S / _HOUR_S
        return 40 + 120 * (_step(hour, 9.0) - _step(hour, 17.0)) + 40 * (_step(hour, 13.0) - _step(hour, 14.0))

    return _made(7, load, seed)


def _step(hour: float, at: float) -> float:
    return min(max((hour - at) * 30, 0.0), 1.0)


def _sawtooth(seed: int) -> Trace:
    """Two days in which the load jumps each hour and falls until the next."""
    return _made(2, lambda at: 180 - 130 * (at % _HOUR_S) / _HOUR_S, seed)


def _flash_crowd(seed: int) -> Trace:
    """Two days with five rushes that nobody could know."""
    rng = random.Random(seed + 1)
    rushes = sorted(rng.uniform(0.1, 1.9) * _DAY_S for _ in range(5))

    def load(at: float) -> float:
        return 40 + sum(_rush(at - begin) for begin in rushes)

    return _made(2, load, seed)


def _rush(since: float) -> float:
    return 0.0 if since < 0 else 140 * min(since / 180, 1.0) * math.exp(-since / 1800)


def _ramp(seed: int) -> Trace:
    return _made(1, lambda at: 30 + 170 * at / _DAY_S, seed)


def _flat(seed: int) -> Trace:
    return _made(1, lambda at: 100.0, seed)


def _random_walk(seed: int) -> Trace:
    rng = random.Random(seed)
    load, found = 100.0, []
    for moment in range(0, 2 * _DAY_S + 1, _STEP_S):
        load = min(max(load * (1 + rng.gauss(0, 0.03)), 20.0), 300.0)
        found.append((float(moment), load))
    return found


MADE: Final[Mapping[str, Callable[[int], Trace]]] = {
    "diurnal": _diurnal,
    "sessions": _sessions,
    "sawtooth": _sawtooth,
    "flash_crowd": _flash_crowd,
    "ramp": _ramp,
    "random_walk": _random_walk,
    "flat": _flat,
}
