"""How far a rule can be trusted, learned from what became of its changes, and whether that trust was deserved.

Contract   Pure. A rule begins with a prior (so many successes and failures as if seen); each change that was kept or
           taken back counts one. The Brier score is the mean squared distance of what was promised from what came:
           0 is perfect, 0.25 is a coin.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

#: (kept, reverted) as if seen before.
PRIOR: Final = (3.0, 2.0)
PRIORS: Final[Mapping[str, tuple[float, float]]] = {
    "missing_index": (4.0, 2.0),
    "short_ttl": (4.0, 2.0),
    "hot_key": (4.0, 2.0),
    "small_cache": (4.0, 2.0),
    "small_pool": (3.0, 2.0),
    "bloat": (3.0, 2.0),
    "stale_statistics": (3.0, 2.0),
    "lock_convoy": (2.0, 2.0),
    "runaway_statement": (2.0, 2.0),
}
BINS: Final = 5


@dataclass(frozen=True, slots=True)
class Record:
    """What became of a rule's changes."""

    kept: int = 0
    reverted: int = 0
    inconclusive: int = 0


@dataclass(frozen=True, slots=True)
class Bin:
    """Of ``count`` changes promised with about ``promised``, the share ``came`` was kept."""

    promised: float
    came: float
    count: int


@dataclass(frozen=True, slots=True)
class Calibration:
    """``signs`` is the share of changes whose effect went the way that was expected."""

    brier: float | None
    signs: float | None
    count: int
    bins: tuple[Bin, ...]


def confidence(rule: str, record: Record) -> float:
    """The mean of the Beta distribution; what stayed undecided counts as half a failure."""
    kept, reverted = PRIORS.get(rule, PRIOR)
    kept += record.kept
    reverted += record.reverted + 0.5 * record.inconclusive
    return kept / (kept + reverted)


def calibration(outcomes: Sequence[tuple[float, bool]], signs: Iterable[bool] = ()) -> Calibration:
    """``outcomes``: what was promised, and whether the change was kept."""
    known = list(signs)
    share = sum(known) / len(known) if known else None
    if not outcomes:
        return Calibration(None, share, 0, ())
    brier = sum((promised - came) ** 2 for promised, came in outcomes) / len(outcomes)
    groups: dict[int, list[tuple[float, bool]]] = {}
    for promised, came in outcomes:
        groups.setdefault(min(BINS - 1, int(promised * BINS)), []).append((promised, came))
    bins = [
        Bin(sum(one for one, _ in group) / len(group), sum(came for _, came in group) / len(group), len(group))
        for _, group in sorted(groups.items())
    ]
    return Calibration(brier, share, len(outcomes), tuple(bins))
