"""What a rule would have done: "would have fired 7 times last week".

Contract   The same ``evaluate`` as live, run over history at each ``step_s``; nothing of the future is seen.
Bound      ``STEPS_MAX`` evaluations.
"""

from dataclasses import dataclass, replace
from typing import Final

from alerting.engine.evaluation import Instances, evaluate
from alerting.engine.noise import noise_score
from alerting.engine.points import History
from alerting.errors import RuleInvalid
from alerting.types import FIRING, Cause, LabelSet, Rule, Severity, State, Transition

STEPS_MAX: Final = 100_000
_CAUSES: Final = {State.NO_DATA: Cause.NO_DATA, State.ERROR: Cause.ERROR}


@dataclass(frozen=True, slots=True)
class Episode:
    """One time of firing; ``ended_at`` is None when it still fired at the end. ``cause`` is no data or an error only
    where nothing else made it fire."""

    labels: LabelSet
    started_at: float
    ended_at: float | None
    severity: Severity
    cause: Cause = Cause.BREACH

    @property
    def duration_s(self) -> float | None:
        return None if self.ended_at is None else self.ended_at - self.started_at


@dataclass(frozen=True, slots=True)
class Backtest:
    """``noise`` is 0 to 1, see ``alerting.engine.noise``; None when it never fired."""

    episodes: tuple[Episode, ...]
    transitions: tuple[Transition, ...]
    fired_count: int
    firing_s: float
    noise: float | None

    def sentence(self) -> str:
        times = {0: "not have fired", 1: "have fired once"}.get(
            self.fired_count, f"have fired {self.fired_count} times"
        )
        return f"It would {times}."


def backtest(rule: Rule, history: History, start: float, end: float, step_s: float) -> Backtest:
    """Evaluate the rule from ``start`` to ``end``, both included.

    Raises: RuleInvalid when there would be too many steps or the expression can't be read
    """
    if step_s <= 0 or not 0 <= (end - start) / step_s < STEPS_MAX:
        raise RuleInvalid(f"A backtest has 1 to {STEPS_MAX} steps; choose a longer step.", field="step_s")
    instances: Instances = {}
    transitions: list[Transition] = []
    for number in range(int((end - start) / step_s) + 1):
        found = evaluate(rule, history, start + number * step_s, instances)
        instances = found.instances
        transitions += found.transitions
    episodes = episodes_of(transitions)
    return Backtest(
        episodes,
        tuple(transitions),
        len(episodes),
        sum((end if one.ended_at is None else one.ended_at) - one.started_at for one in episodes),
        noise_score([one.duration_s for one in episodes]),
    )


def episodes_of(transitions: list[Transition]) -> tuple[Episode, ...]:
    """The times of firing, by their beginning, with the worst severity of each."""
    running: dict[LabelSet, Episode] = {}
    found: list[Episode] = []
    for one in transitions:
        now = running.get(one.labels)
        if one.after in FIRING:
            running[one.labels] = _longer(now, one) if now else _begun(one)
        elif now:
            del running[one.labels]
            found.append(replace(now, ended_at=one.at))
    return tuple(sorted([*found, *running.values()], key=lambda episode: (episode.started_at, episode.labels)))


def _begun(one: Transition) -> Episode:
    return Episode(one.labels, one.at, None, one.severity, _CAUSES.get(one.after, Cause.BREACH))


def _longer(now: Episode, one: Transition) -> Episode:
    cause = Cause.BREACH if one.after is State.ALERTING else now.cause
    return replace(now, severity=max(one.severity, now.severity), cause=cause)
