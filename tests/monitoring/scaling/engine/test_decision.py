"""One decision, from values to the count that is set."""

from dataclasses import replace

import pytest

from monitoring.scaling.engine.decision import Decision, Override, State, Target, decide
from monitoring.scaling.engine.guards import Change
from monitoring.scaling.engine.policies import Policy, proposal
from monitoring.scaling.types import Clamp, Direction, Fallback, Memory, Mode, Moment, Pause, Tolerance

NOW = 10_000.0
CPU = Policy("cpu", "cpu_usage", 80, 30)
MEMORY = Policy("memory", "memory_usage", 85, 40)
THROUGHPUT = Policy("throughput", "throughput", 1000, 300, is_shared=True)
QUEUE = Policy("queue", "queue_length", 0, 0, is_shared=True, target=5)
TARGET = Target("web", cost=0.5)


def decided(
    values: dict[str, float | None],
    *policies: Policy,
    current: int = 3,
    target: Target = TARGET,
    state: State | None = None,
    forecast: int | None = None,
) -> tuple[Decision, State]:
    return decide(
        target=target,
        policies=policies or (CPU, MEMORY),
        values=values,
        current=current,
        state=state or State(),
        now=NOW,
        forecast=forecast,
    )


@pytest.mark.parametrize(
    ("policy", "value", "current", "expected"),
    [
        (CPU, 80.1, 3, 4),
        (CPU, 80.0, 3, 3),
        (CPU, 30.0, 3, 3),
        (CPU, 29.9, 3, 2),
        (CPU, None, 3, None),
        (THROUGHPUT, 2900.0, 3, 3),
        (THROUGHPUT, 3001.0, 3, 4),
        (THROUGHPUT, 800.0, 3, 2),
        (QUEUE, 20.0, 3, 4),
        (QUEUE, 15.0, 3, 3),
        (replace(CPU, target=75), 90.0, 50, 60),
        (replace(CPU, target=75), 78.0, 50, 50),
    ],
)
def test_what_a_policy_proposes(policy: Policy, value: float | None, current: int, expected: int | None) -> None:
    assert proposal(policy, value, current=current, tolerance=Tolerance()).count == expected


def test_out_when_one_policy_asks_for_it() -> None:
    decision, state = decided({"cpu_usage": 91, "memory_usage": 50})
    assert (decision.count, decision.policy, decision.direction) == (4, "cpu", Direction.OUT)
    assert decision.reason == "cpu_usage 91 is above 80"
    assert decision.cost_per_hour == 0.5
    assert state.changes == (Change(NOW, 1, "cpu"),)
    assert state.memory.outs == (Moment(NOW, 1),)


def test_in_only_when_all_agree_and_none_is_missing() -> None:
    low: dict[str, float | None] = {"cpu_usage": 10, "memory_usage": 20}
    assert decided(low)[0].count == 2
    assert decided(low)[0].cost_per_hour == -0.5
    assert decided(low | {"memory_usage": 50})[0].count == 3
    blind = decided(low | {"memory_usage": None})[0]
    assert (blind.count, blind.reason) == (3, "No instance is taken away while memory is missing.")
    assert decided({"cpu_usage": 95, "memory_usage": None})[0].count == 4


def test_cooldown_holds_what_follows_a_change_inwards() -> None:
    after_in = State(changes=(Change(NOW - 200, -1),))
    held = decided({"cpu_usage": 95, "memory_usage": 50}, state=after_in)[0]
    assert (held.count, held.clamps) == (3, (Clamp("cooldown", 4, 3),))
    assert decided({"cpu_usage": 95, "memory_usage": 50}, state=State(changes=(Change(NOW - 300, -1),)))[0].count == 4


def test_cooldown_lets_one_change_outwards_follow_another_but_none_inwards() -> None:
    after_out = State(changes=(Change(NOW - 20, 1),))
    assert decided({"cpu_usage": 95, "memory_usage": 50}, state=after_out)[0].count == 4
    held = decided({"cpu_usage": 5, "memory_usage": 5}, state=after_out)[0]
    assert (held.count, held.clamps) == (3, (Clamp("cooldown", 2, 3),))


def test_turning_too_often_keeps_the_greater_count() -> None:
    turning = State(changes=tuple(Change(NOW - 3000 + 600 * step, (-1) ** step) for step in range(5)))
    held = decided({"cpu_usage": 5, "memory_usage": 5}, state=turning)[0]
    assert (held.count, held.clamps) == (3, (Clamp("turns", 2, 3),))
    assert decided({"cpu_usage": 95, "memory_usage": 50}, state=turning)[0].count == 4


@pytest.mark.parametrize(
    ("pause", "cpu", "expected"),
    [(Pause.ALL, 95, 3), (Pause.ALL, 5, 3), (Pause.IN, 95, 4), (Pause.IN, 5, 3), (Pause.OUT, 95, 3), (Pause.OUT, 5, 2)],
)
def test_a_pause_holds_its_directions(pause: Pause, cpu: float, expected: int) -> None:
    assert decided({"cpu_usage": cpu}, CPU, target=replace(TARGET, pause=pause))[0].count == expected


def test_what_is_set_by_hand_stands_above_all_but_the_bounds() -> None:
    by_hand = replace(TARGET, override=Override(7, NOW + 1), pause=Pause.ALL)
    assert (decided({"cpu_usage": 5}, CPU, target=by_hand)[0].count) == 7
    assert decided({"cpu_usage": 5}, CPU, target=by_hand)[0].policy == "manual"
    over = replace(TARGET, override=Override(7, NOW))
    assert decided({"cpu_usage": 50}, CPU, target=over)[0].count == 3
    high = replace(TARGET, override=Override(40, NOW + 1))
    assert decided({"cpu_usage": 5}, CPU, target=high)[0].count == 10
    assert decided({"cpu_usage": 5}, CPU, target=high)[0].clamps == (Clamp("bounds", 40, 10),)


def test_the_database_s_connections_bound_the_count_even_by_hand() -> None:
    capped = replace(TARGET, cap=4, override=Override(9, NOW + 1))
    assert decided({"cpu_usage": 95}, CPU, target=capped)[0].count == 4
    assert decided({"cpu_usage": 95}, CPU, current=6, target=replace(TARGET, cap=4))[0].count == 4


def test_a_forecast_only_adds_and_only_when_it_may() -> None:
    quiet: dict[str, float | None] = {"cpu_usage": 50, "memory_usage": 50}
    stored = decided(quiet, forecast=6)[0]
    assert (stored.count, stored.forecast) == (3, 6)
    promoted = replace(TARGET, mode=Mode.ON)
    followed = decided(quiet, target=promoted, forecast=6)[0]
    assert (followed.count, followed.policy, followed.reason) == (6, "forecast", "6 is needed soon.")
    assert decided(quiet, target=promoted, forecast=1)[0].count == 3
    falling = decided({"cpu_usage": 5, "memory_usage": 5}, target=promoted, forecast=3)[0]
    assert (falling.count, falling.reason) == (3, "3 will be needed again soon.")


@pytest.mark.parametrize(
    ("fallback", "count", "expected"),
    [
        (Fallback.HOLD, 9, 3),
        (Fallback.STATIC, 5, 5),
        (Fallback.HIGHER, 2, 3),
        (Fallback.HIGHER, 6, 6),
        (Fallback.LOWER, 6, 3),
    ],
)
def test_the_fallback_counts_when_metrics_are_gone_for_a_while(fallback: Fallback, count: int, expected: int) -> None:
    target = replace(TARGET, fallback=fallback, fallback_count=count)
    state = State()
    for misses in (1, 2):
        decision, state = decided({}, target=target, state=state)
        assert (decision.count, state.misses) == (3, misses)
    assert decided({}, target=target, state=state)[0].count == expected
    assert decided({"cpu_usage": 50}, CPU, target=target, state=state)[1].misses == 0


def test_a_policy_that_did_not_help_is_not_followed_for_a_while() -> None:
    def state(*effects: float | None) -> State:
        return State(changes=tuple(Change(NOW - 600 + 10 * n, 1, "cpu", effect) for n, effect in enumerate(effects)))

    busy: dict[str, float | None] = {"cpu_usage": 95}
    assert decided(busy, CPU, state=state(-0.01, 0.02))[0].count == 3
    assert (
        decided(busy, CPU, state=state(-0.01, 0.02))[0].reason
        == "cpu_usage 95 is above 80, but more instances didn't help"
    )
    assert decided(busy, CPU, state=state(-0.01))[0].count == 4
    assert decided(busy, CPU, state=state(-0.01, -0.3))[0].count == 4
    assert decided(busy, CPU, state=state(-0.01, None))[0].count == 4


def test_the_changes_of_two_hours_are_kept() -> None:
    old = State(Memory(), (Change(NOW - 7201, 1), Change(NOW - 7199, 1)))
    assert decided({"cpu_usage": 50}, CPU, state=old)[1].changes == (Change(NOW - 7199, 1),)
