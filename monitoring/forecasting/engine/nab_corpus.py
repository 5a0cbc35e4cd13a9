"""Runs a detector over files of the benchmark, and tells the scores of all profiles.

Contract   Pure. ``official`` chooses the threshold that is best for the whole corpus, as the benchmark does;
           ``honest`` is the detector's own threshold, fixed before. Bounds of a file are never used in either.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from monitoring.forecasting.engine.detector import THRESHOLD, Detector
from monitoring.forecasting.engine.nab_rules import Labelled, Profile, Tally, best_tally, normalized, tally_at

#: The score of a value at the detector's own threshold.
FIXED_THRESHOLD: Final = 0.5


@dataclass(frozen=True, slots=True)
class Outcome:
    """One profile: the scores from 0 to 100 (None without labels), and what they come from."""

    profile: Profile
    official: float | None
    honest: float | None
    best: Tally
    fixed: Tally


def detector_scores(values: Iterable[tuple[float, float]]) -> list[float]:
    """Scores from 0 to 1 of (time, value) in order of time; 0.5 and more is a detection."""
    detector = Detector()
    scores = []
    for at, value in values:
        reading = detector.update(at, value)
        score = reading.severity / (reading.severity + THRESHOLD)
        # What the detector chose not to report is no detection at a lower threshold either.
        is_held_back = detector.resting > 0 and not reading.is_anomaly
        scores.append(min(score, FIXED_THRESHOLD - 0.01) * (0.5 if is_held_back else 1.0))
        if reading.is_anomaly:
            scores[-1] = score
    return scores


def outcomes(files: Sequence[Labelled], profiles: Iterable[Profile], fixed: float | None) -> list[Outcome]:
    """``fixed`` is the threshold of the honest score; None: the outputs come from elsewhere and have none."""
    return [_outcome(files, profile, fixed) for profile in profiles]


def _outcome(files: Sequence[Labelled], profile: Profile, fixed: float | None) -> Outcome:
    best = best_tally(files, profile)
    at_fixed = best if fixed is None else tally_at(files, profile, fixed)
    return Outcome(
        profile=profile,
        official=normalized(best.score, files, profile),
        honest=None if fixed is None else normalized(at_fixed.score, files, profile),
        best=best,
        fixed=at_fixed,
    )
