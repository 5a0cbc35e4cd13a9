"""One decision for one target: from values to the count to set, with everything that led to it.

Contract   ``decide`` is pure: the same target, state, values and moment give the same decision. The order is
           policies -> largest -> prediction (adds only) -> windows and rates -> cooldown -> turns -> pause -> bounds.
           A manual override stands above all of them but the bounds and the cap by connections.
Invariant  low <= decision.count <= high, and the count goes down only when every policy that is asked agrees.
Bound      Under 200 microseconds with ten policies.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from monitoring.scaling.engine import guards
from monitoring.scaling.engine.behaviour import combined, settle, with_change
from monitoring.scaling.engine.guards import Change
from monitoring.scaling.engine.policies import Policy, proposal
from monitoring.scaling.types import Behaviour, Clamp, Direction, Fallback, Memory, Mode, Pause, Proposal, Tolerance

#: Decisions in a row without any metric before the fallback counts.
MISSES_MAX: Final = 3
#: Longer than turns are counted: whether a change is one depends on the change before.
CHANGES_KEPT_S: Final = 2 * guards.HOUR_S


@dataclass(frozen=True, slots=True)
class Override:
    """Somebody's own count, until a moment."""

    count: int
    until: float


@dataclass(frozen=True, slots=True)
class Target:
    """What is scaled. ``cap`` is the most that the database has connections for; ``cost`` is of one instance-hour."""

    name: str
    low: int = 1
    high: int = 10
    cap: int | None = None
    cooldown_s: float = 300.0
    behaviour: Behaviour = field(default_factory=Behaviour)
    tolerance: Tolerance = field(default_factory=Tolerance)
    pause: Pause = Pause.NONE
    mode: Mode = Mode.FORECAST_ONLY
    fallback: Fallback = Fallback.HOLD
    fallback_count: int = 1
    cost: float = 0.0
    override: Override | None = None
    turns_max: int = guards.TURNS_MAX

    @property
    def ceiling(self) -> int:
        return self.high if self.cap is None else max(min(self.high, self.cap), 1)


@dataclass(frozen=True, slots=True)
class State:
    """What the past left: the ``changes`` of two hours oldest first, and ``misses`` decisions without any metric."""

    memory: Memory = field(default_factory=Memory)
    changes: tuple[Change, ...] = ()
    misses: int = 0


@dataclass(frozen=True, slots=True)
class Decision:
    """``policy`` is what asked for the count that was followed; ``forecast`` is what the prediction asked for."""

    before: int
    count: int
    wished: int
    reason: str
    policy: str
    proposals: tuple[Proposal, ...]
    clamps: tuple[Clamp, ...]
    forecast: int | None
    cost_per_hour: float

    @property
    def direction(self) -> Direction:
        return guards.direction(self.before, self.count)


@dataclass(frozen=True, slots=True)
class _Wish:
    count: int
    policy: str
    reason: str
    is_known: bool = True


def decide(
    *,
    target: Target,
    policies: Sequence[Policy],
    values: Mapping[str, float | None],
    current: int,
    state: State,
    now: float,
    forecast: int | None = None,
) -> tuple[Decision, State]:
    """The count to set for ``target``, and the state after it if it is set.

    ``forecast`` is how many instances will be needed when one that is started now is ready.
    """
    proposals = tuple(_proposal(one, values, current, target, state, now) for one in policies)
    clamps: tuple[Clamp, ...] = ()
    if target.override is not None and target.override.until > now:
        wish = _Wish(target.override.count, "manual", "Set by hand.")
        count, memory = _bounded(target.override.count, target), state.memory
    else:
        wish = _with_forecast(_wish(proposals, current, target, state), forecast, target, current)
        count, clamps, memory = _settled(wish, current, target, state, now)
    if count != wish.count and not clamps:
        clamps = (Clamp("bounds", wish.count, count),)
    decision = Decision(
        before=current,
        count=count,
        wished=wish.count,
        reason=wish.reason,
        policy=wish.policy,
        proposals=proposals,
        clamps=clamps,
        forecast=forecast,
        cost_per_hour=(count - current) * target.cost,
    )
    return decision, _after(decision, target, replace(state, memory=memory), now)


def _proposal(
    policy: Policy, values: Mapping[str, float | None], current: int, target: Target, state: State, now: float
) -> Proposal:
    found = proposal(policy, values.get(policy.metric_name), current=current, tolerance=target.tolerance)
    if found.count is not None and found.count > current and guards.is_unhelpful(policy.name, state.changes, now=now):
        return replace(found, count=current, reason=f"{found.reason}, but more instances didn't help")
    return found


def _wish(proposals: Sequence[Proposal], current: int, target: Target, state: State) -> _Wish:
    count = combined(current, [one.count for one in proposals])
    if count is not None:
        first = next(one for one in proposals if one.count == count)
        return _Wish(count, first.policy, first.reason)
    missing = [one.policy for one in proposals if one.count is None]
    if len(missing) < len(proposals):
        return _Wish(current, "", f"No instance is taken away while {', '.join(missing)} is missing.")
    if state.misses + 1 < MISSES_MAX:
        return _Wish(current, "", "Every metric is missing.", is_known=False)
    fallen = guards.fallback_count(current, kind=target.fallback, count=target.fallback_count)
    return _Wish(fallen, "fallback", f"Every metric has been missing {state.misses + 1} times.", is_known=False)


def _with_forecast(wish: _Wish, forecast: int | None, target: Target, current: int) -> _Wish:
    if target.mode is not Mode.ON or forecast is None or forecast <= wish.count:
        return wish
    what = "is needed soon" if forecast > current else "will be needed again soon"
    return _Wish(forecast, "forecast", f"{forecast} {what}.", is_known=wish.is_known)


def _settled(
    wish: _Wish, current: int, target: Target, state: State, now: float
) -> tuple[int, tuple[Clamp, ...], Memory]:
    if not wish.is_known and wish.policy != "fallback":
        return _bounded(current, target), (), state.memory
    low, high = min(target.low, target.ceiling), target.ceiling
    count, clamps, memory = settle(
        current=current, wished=wish.count, low=low, high=high, behaviour=target.behaviour, memory=state.memory, now=now
    )
    if not low <= current <= high:
        return count, clamps, memory
    cooled = guards.cooled(current, count, changes=state.changes, cooldown_s=target.cooldown_s, now=now)
    steady = guards.unflapping(current, cooled, changes=state.changes, turns_max=target.turns_max, now=now)
    kept = guards.paused(current, steady, target.pause)
    steps = (("cooldown", count, cooled), ("turns", cooled, steady), ("pause", steady, kept))
    return kept, (*clamps, *(Clamp(name, before, after) for name, before, after in steps if before != after)), memory


def _bounded(count: int, target: Target) -> int:
    return min(max(count, min(target.low, target.ceiling)), target.ceiling)


def _after(decision: Decision, target: Target, state: State, now: float) -> State:
    is_blind = bool(decision.proposals) and all(one.count is None for one in decision.proposals)
    misses = state.misses + 1 if is_blind else 0
    change = decision.count - decision.before
    recent = tuple(one for one in state.changes if one.at > now - CHANGES_KEPT_S)
    if not change:
        return State(state.memory, recent, misses)
    memory = with_change(state.memory, target.behaviour, now, change)
    return State(memory, (*recent, Change(now, change, decision.policy)), misses)
