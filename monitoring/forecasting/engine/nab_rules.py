"""The scoring rules of the Numenta Anomaly Benchmark (NAB 1.1), written from its published description.

Contract   Pure. A file is rows with a score each and labelled windows. Within a window only the best placed detection
           counts (early is better); outside, every detection costs, more the farther behind a window it lies.
           The corpus is scored at one threshold; 0 is a detector that never speaks, 100 one that is right at once.
Invariant  A detection is a score >= the threshold. Rows of the probation (15 %, at most 750 rows) never count.
Why        Scores can only be compared with published ones if the rules are the same to the last row.
"""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

PROBATION_SHARE: Final = 0.15
PROBATION_ROWS_MAX: Final = 750
#: So many window widths behind a window a false detection costs the whole weight.
FAR_BEHIND: Final = 3.0
#: No score reaches it: the threshold of a detector that says nothing.
SILENT: Final = 1.1


@dataclass(frozen=True, slots=True)
class Profile:
    """What hits, misses and false detections weigh."""

    name: str
    tp: float
    fp: float
    fn: float


@dataclass(frozen=True, slots=True)
class Labelled:
    """One scored file: a timestamp and a score a row; ``windows`` are (first, last) timestamps, in order."""

    name: str
    times: Sequence[str]
    scores: Sequence[float]
    windows: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Tally:
    """What one threshold brings: the raw score and the counts of rows."""

    threshold: float
    score: float
    tp: int = 0
    tn: int = 0
    fp: int = 0
    fn: int = 0


@dataclass(frozen=True, slots=True)
class _Row:
    score: float
    worth: float
    window: tuple[str, int] | None


def scaled_sigmoid(position: float) -> float:
    """The worth of a detection: -1 is the left edge of a window, 0 its right edge, more is behind it."""
    if position > FAR_BEHIND:
        return -1.0
    return 2.0 / (1.0 + math.exp(5.0 * position)) - 1.0


def probation_rows(rows: int) -> int:
    """How many first rows are for learning only."""
    return min(math.floor(PROBATION_SHARE * rows), PROBATION_ROWS_MAX)


def best_tally(files: Iterable[Labelled], profile: Profile) -> Tally:
    """The threshold with the best score over all files (the highest of equal ones), as the benchmark chooses it."""
    return max(_sweep([row for file in files for row in _rows(file, profile)], profile), key=lambda tally: tally.score)


def tally_at(files: Iterable[Labelled], profile: Profile, threshold: float) -> Tally:
    """The score of all files together at a fixed threshold."""
    tallies = _sweep([row for file in files for row in _rows(file, profile)], profile)
    found = next(tallies)
    for tally in tallies:
        if tally.threshold < threshold:
            break
        found = tally
    return found


def normalized(raw: float, files: Sequence[Labelled], profile: Profile) -> float | None:
    """0 for silence, 100 for every window hit at its first row and nothing else. None: nothing is labelled."""
    windows = sum(len(file.windows) for file in files)
    silence = tally_at(files, profile, SILENT).score
    perfect = windows * profile.tp
    return 100.0 * (raw - silence) / (perfect - silence) if perfect > silence else None


def profiles_of(document: Mapping[str, Mapping[str, Mapping[str, float]]]) -> list[Profile]:
    """The profiles of a ``profiles.json``."""
    costs = {name: entry["CostMatrix"] for name, entry in document.items()}
    return [Profile(name, cost["tpWeight"], cost["fpWeight"], cost["fnWeight"]) for name, cost in costs.items()]


def _rows(file: Labelled, profile: Profile) -> Iterator[_Row]:
    """The rows behind the probation, each with its worth if it is a detection."""
    probation = probation_rows(len(file.times))
    for number, (window, unit) in enumerate(_placed(file)):
        if number >= probation:
            worth = unit * (profile.fp if window is None else profile.tp)
            yield _Row(file.scores[number], worth, None if window is None else (file.name, window))


def _placed(file: Labelled) -> Iterator[tuple[int | None, float]]:
    """For each row its window (None: outside) and the unweighted worth of a detection there."""
    first_row = {time: row for row, time in reversed(list(enumerate(file.times)))}
    bounds = [(first_row[start], first_row[end]) for start, end in file.windows]
    best = scaled_sigmoid(-1.0)
    upcoming, behind = 0, None
    for row in range(len(file.times)):
        if upcoming < len(bounds) and row >= bounds[upcoming][0]:
            start, end = bounds[upcoming]
            yield upcoming, scaled_sigmoid(-(end - row + 1) / (end - start + 1)) / best
            if row == end:
                upcoming, behind = upcoming + 1, (start, end)
        elif behind is None:
            yield None, -1.0
        else:
            yield None, scaled_sigmoid((row - behind[1]) / max(1, behind[1] - behind[0]))


def _sweep(rows: list[_Row], profile: Profile) -> Iterator[Tally]:
    """The tally of every threshold that makes a difference, from the highest down."""
    rows = sorted(rows, key=lambda row: -row.score)
    hits = {row.window: -profile.fn for row in rows if row.window is not None}
    inside = sum(row.window is not None for row in rows)
    tp = fp = 0
    hit_worth, false_worth, threshold = sum(hits.values()), 0.0, SILENT
    for row in rows:
        if row.score != threshold:
            yield Tally(threshold, hit_worth + false_worth, tp, len(rows) - inside - fp, fp, inside - tp)
            threshold = row.score
        if row.window is None:
            fp, false_worth = fp + 1, false_worth + row.worth
        else:
            tp += 1
            if row.worth > hits[row.window]:
                hit_worth += row.worth - hits[row.window]
                hits[row.window] = row.worth
    yield Tally(threshold, hit_worth + false_worth, tp, len(rows) - inside - fp, fp, inside - tp)
