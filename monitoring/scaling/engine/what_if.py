"""What other policies would have made of a stretch of time that was measured.

Contract   ``replay`` decides once a minute by the same function that decides live. What instances share, and the
           processor's load, is spread over those that there would have been; every other series is taken as it was,
           because nobody knows how it would have moved. An instance that is added helps from the next minute on. Pure.
Bound      About 60 microseconds a minute: a day takes a tenth of a second.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

from monitoring.scaling.engine.decision import State, Target, decide
from monitoring.scaling.engine.policies import Policy

MINUTE_S: Final = 60.0
#: Series that fall when instances are added, though their value isn't a sum.
SPREAD: Final = frozenset({"cpu_usage"})
_FULL: Final = 100.0

Values = Sequence[float | None]


@dataclass(frozen=True, slots=True)
class Past:
    """Minutes from ``start`` (seconds) on: the values of each series, and how many instances there were."""

    start: float
    lines: Mapping[str, Values]
    counts: Sequence[int | None]

    def __len__(self) -> int:
        return len(self.counts)


@dataclass(frozen=True, slots=True)
class Replayed:
    """``late_min`` are minutes in which a series was above its policy's upper limit (or a tenth above its target);
    ``turns`` changes of direction. ``reasons`` tell each change: (minute, before, count, why)."""

    counts: tuple[int, ...]
    late_min: int
    hours: float
    changes: int
    turns: int
    cost: float
    reasons: tuple[tuple[int, int, int, str], ...] = field(repr=False, default=())


def replay(
    past: Past, target: Target, policies: Sequence[Policy], *, limits: Sequence[Policy] | None = None
) -> Replayed:
    """The counts that ``target`` would have had by ``policies``, from the count that there was at first.

    ``limits`` are the policies that say what is late, so that two replays can be compared.
    """
    known = next((count for count in past.counts if count is not None), target.low)
    count, state = min(max(known, target.low), target.ceiling), State()
    counts, reasons, late, then = [], [], 0, known
    for minute, was in enumerate(past.counts):
        then = was if was is not None else then
        values = {one.metric_name: _seen(one, past.lines[one.metric_name][minute], then, count) for one in policies}
        late += any(_is_late(one, values[one.metric_name], count) for one in limits or policies)
        decision, state = decide(
            target=target,
            policies=policies,
            values=values,
            current=count,
            state=state,
            now=past.start + minute * MINUTE_S,
        )
        counts.append(count)
        if decision.count != count:
            reasons.append((minute, count, decision.count, decision.reason))
        count = decision.count
    return _replayed(counts, late, target, reasons)


def measured(past: Past, target: Target, policies: Sequence[Policy]) -> Replayed:
    """The same figures of what really was."""
    counts, late, then = [], 0, target.low
    for minute, was in enumerate(past.counts):
        then = was if was is not None else then
        counts.append(then)
        late += any(_is_late(one, past.lines[one.metric_name][minute], then) for one in policies)
    moves = [(at, one, other, "") for at, (one, other) in enumerate(pairwise(counts), start=1) if one != other]
    return _replayed(counts, late, target, moves)


def _seen(policy: Policy, value: float | None, then: int, count: int) -> float | None:
    """The value that there would have been with ``count`` instances instead of ``then``."""
    if value is None or policy.is_shared or policy.metric_name not in SPREAD:
        return value
    return min(value * then / max(count, 1), _FULL)


def _is_late(policy: Policy, value: float | None, count: int) -> bool:
    if value is None:
        return False
    each = value / max(count, 1) if policy.is_shared else value
    return each > (policy.scale_up if policy.target is None else policy.target * 1.1)


def _replayed(counts: list[int], late: int, target: Target, moves: list[tuple[int, int, int, str]]) -> Replayed:
    hours = sum(counts) / 60
    ways = [after > before for _, before, after, _ in moves]
    turns = sum(one != other for one, other in pairwise(ways))
    return Replayed(tuple(counts), late, hours, len(moves), turns, hours * target.cost, tuple(moves))
