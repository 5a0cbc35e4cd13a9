"""Which frames of the stream are stored, and which of them one sample needs.

Contract   A frame is stored when it arrived within ``LATE_S`` of its second, not ``AHEAD_S`` before it, and its second
           is still kept. So all frames of a bucket lie in a known window of the stream, and a sample is a function
           of that window: working it out again, after a late or repeated frame, gives what a single pass gives.
Order      An entry's id begins with the millisecond of its arrival, by the clock of Redis.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from monitoring.engine.resolutions import SAMPLES
from monitoring.types import Frame, Role

LATE_S: Final = 300
AHEAD_S: Final = 5
_DAY_S: Final = 86_400
_KEPT_S: Final = SAMPLES.kept_days * _DAY_S


@dataclass(frozen=True, slots=True)
class Entry:
    """``frame`` is None when the text of the entry was no frame."""

    id: str
    frame: Frame | None

    @property
    def arrived_ms(self) -> int:
        return int(self.id.partition("-")[0])


@dataclass(frozen=True, slots=True)
class Intake:
    """``seconds`` holds the frames of each second; the counts are of entries that had not been read before."""

    seconds: dict[int, list[Frame]]
    stored: int
    repeated: int
    refused: int


def bucket_of(second: int) -> int:
    return second // SAMPLES.seconds * SAMPLES.seconds


def is_acceptable(entry: Entry, now_s: float) -> bool:
    frame = entry.frame
    if frame is None or frame.seconds <= 0:
        return False
    late_ms = entry.arrived_ms - frame.at * 1000
    return -AHEAD_S * 1000 <= late_ms <= LATE_S * 1000 and frame.at >= now_s - _KEPT_S


def buckets_of(entries: Iterable[Entry], now_s: float) -> set[int]:
    """The buckets that acceptable ``entries`` belong to."""
    return {bucket_of(entry.frame.at) for entry in entries if entry.frame is not None and is_acceptable(entry, now_s)}


def taken_in(entries: Iterable[Entry], now_s: float, *, before: Iterable[Entry] = ()) -> Intake:
    """Sort entries out, beside those that were read ``before``; a frame that came twice is kept once."""
    seconds: dict[int, list[Frame]] = defaultdict(list)
    seen: set[tuple[str, str, int]] = set()
    _take(before, now_s, seconds, seen)
    new = _take(entries, now_s, seconds, seen)
    return Intake(dict(seconds), new["stored"], new["repeated"], new["refused"])


def _take(
    entries: Iterable[Entry], now_s: float, seconds: dict[int, list[Frame]], seen: set[tuple[str, str, int]]
) -> Counter[str]:
    counts: Counter[str] = Counter()
    for entry in entries:
        frame = entry.frame
        if frame is None or not is_acceptable(entry, now_s):
            counts["refused"] += 1
        elif (number := (frame.process, frame.boot, frame.number)) in seen:
            counts["repeated"] += 1
        else:
            seen.add(number)
            seconds[frame.at].append(frame)
            counts["stored"] += 1
    return counts


def with_site_held(seconds: Mapping[int, list[Frame]]) -> dict[int, list[Frame]]:
    """The frame about the whole site comes every few seconds; within a bucket it speaks for the others too."""
    told: dict[int, list[Frame]] = defaultdict(list)
    for second in sorted(seconds):
        told[bucket_of(second)] += [frame for frame in seconds[second] if frame.role is Role.SITE][:1]
    return {second: frames + _held(told[bucket_of(second)], second, frames) for second, frames in seconds.items()}


def _held(told: Sequence[Frame], second: int, frames: Iterable[Frame]) -> list[Frame]:
    if not told or any(frame.role is Role.SITE for frame in frames):
        return []
    before = [frame for frame in told if frame.at < second]
    return before[-1:] or list(told[:1])


def needed_since_ms(position: str) -> int:
    """From which arrival on entries may be read again, beside those that come after ``position``: see ``windows``."""
    arrived_ms = int(position.partition("-")[0])
    return max(arrived_ms - (LATE_S + SAMPLES.seconds + AHEAD_S) * 1000, 0)


def windows(buckets: Collection[int], until_ms: int) -> list[tuple[int, int]]:
    """Where the stream may hold frames of ``buckets``: spans of arrival in ms, both ends included, up to ``until_ms``.

    Spans that touch are one, so that no entry is read twice.
    """
    spans: list[tuple[int, int]] = []
    for bucket in sorted(buckets):
        first = (bucket - AHEAD_S) * 1000
        last = min((bucket + SAMPLES.seconds + LATE_S) * 1000, until_ms)
        if first > last:
            continue
        if spans and first <= spans[-1][1] + 1:
            spans[-1] = (spans[-1][0], last)
        else:
            spans.append((first, last))
    return spans
