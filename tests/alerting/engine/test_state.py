from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerting.engine.state import HOLD_S, new_instance, step
from alerting.types import FIRING, Cause, Instance, Policy, Rule, Severity, Signal, State, Transition
from tests.alerting.rules import rule

LABELS = (("alertname", "CPU"),)
CALM = Signal(Cause.CALM, value=10.0)
WARNING = Signal(Cause.BREACH, Severity.WARNING, 85.0, "85")
CRITICAL = Signal(Cause.BREACH, Severity.CRITICAL, 96.0, "96")
NO_DATA = Signal(Cause.NO_DATA, note="no value in time")
ERROR = Signal(Cause.ERROR, note="odd")


def run(one: Rule, *signals: Signal, step_s: float = 60.0) -> tuple[Instance, list[Transition]]:
    """Evaluations at 0, ``step_s`` and so on."""
    was, found = new_instance(LABELS, one, 0.0), []
    for number, signal in enumerate(signals):
        was, transition = step(was, signal, one, number * step_s)
        if transition:
            found.append(transition)
    return was, found


def states(one: Rule, *signals: Signal) -> list[State]:
    return [transition.after for transition in run(one, *signals)[1]]


def test_without_a_wait_a_breach_fires_at_once() -> None:
    was, found = run(rule(), CALM, WARNING)
    assert was.state is State.ALERTING
    assert (was.fired_at, was.value, was.severity) == (60.0, 85.0, Severity.WARNING)
    assert found == [
        Transition(60.0, LABELS, State.NORMAL, State.ALERTING, Severity.WARNING, 85.0, "The condition holds: 85.")
    ]


def test_a_breach_waits_and_then_fires() -> None:
    one = rule(**{"for": "2m"})
    was, found = run(one, WARNING, WARNING, CRITICAL)
    assert [(line.at, line.after, line.reason) for line in found] == [
        (0.0, State.PENDING, "The condition holds; waits 2m: 85."),
        (120.0, State.ALERTING, "The condition holds for 2m: 96."),
    ]
    assert was.severity is Severity.CRITICAL


def test_a_pause_begins_the_wait_anew() -> None:
    one = rule(**{"for": "2m"})
    assert states(one, WARNING, WARNING, CALM, WARNING, WARNING) == [State.PENDING, State.NORMAL, State.PENDING]


def test_severity_rises_and_falls_within_one_alert() -> None:
    was, found = run(rule(), WARNING, CRITICAL, WARNING, CALM)
    assert [line.reason for line in found] == [
        "The condition holds: 85.",
        "Rose from warning: 96.",
        "Fell from critical: 85.",
        "The condition has not held: 10.",
    ]
    assert (was.state, was.fired_at) == (State.NORMAL, None)


def test_recovery_keeps_firing_and_goes_on_as_the_same_alert() -> None:
    one = rule(keep_firing_for="2m")
    was, found = run(one, WARNING, CALM, WARNING, CALM, CALM, CALM)
    assert [(line.at, line.after) for line in found] == [
        (0.0, State.ALERTING),
        (60.0, State.RECOVERING),
        (120.0, State.ALERTING),
        (180.0, State.RECOVERING),
        (300.0, State.NORMAL),
    ]
    assert found[2].reason == "It goes on before the recovery was over: 85."
    assert was.turns == (0.0, 60.0, 120.0, 180.0)


def test_lost_data_is_no_recovery() -> None:
    one = rule(**{"for": "2m"})
    was, found = run(one, *[WARNING] * 3, *[NO_DATA] * 3, CALM)
    assert [(line.at, line.after) for line in found] == [
        (0.0, State.PENDING),
        (120.0, State.ALERTING),
        (300.0, State.NO_DATA),
        (360.0, State.NORMAL),
    ]
    assert was.fired_at is None


@pytest.mark.parametrize(
    ("policy", "signal", "wanted"),
    [
        ("own", NO_DATA, [State.NO_DATA]),
        ("own", ERROR, [State.ERROR]),
        ("alert", NO_DATA, [State.ALERTING]),
        ("alert", ERROR, [State.ALERTING]),
        ("ok", NO_DATA, []),
        ("keep", ERROR, []),
    ],
)
def test_policies_from_normal(policy: str, signal: Signal, wanted: list[State]) -> None:
    assert states(rule(no_data=policy, on_error=policy), signal) == wanted


@pytest.mark.parametrize(
    ("policy", "wanted"),
    [
        (Policy.OWN, State.NO_DATA),
        (Policy.ALERT, State.ALERTING),
        (Policy.OK, State.NORMAL),
        (Policy.KEEP, State.ALERTING),
    ],
)
def test_policies_from_alerting(policy: Policy, wanted: State) -> None:
    assert run(replace(rule(), no_data=policy), WARNING, NO_DATA)[0].state is wanted


def test_a_flapping_alert_is_held_open() -> None:
    one = rule(has_flap_guard=True)
    was, _ = run(one, *[WARNING, CALM] * 3)
    assert was.state is State.RECOVERING
    assert step(was, CALM, one, 300 + HOLD_S - 1)[0].state is State.RECOVERING
    assert step(was, CALM, one, 300 + HOLD_S)[0].state is State.NORMAL
    assert run(rule(), *[WARNING, CALM] * 3)[0].state is State.NORMAL


SIGNALS = st.lists(st.sampled_from([CALM, WARNING, CRITICAL, NO_DATA, ERROR]), max_size=25)
RULES = st.builds(
    lambda wait, keep, no_data, guard: rule(
        **{"for": wait, "keep_firing_for": keep, "no_data": no_data, "has_flap_guard": guard}
    ),
    st.sampled_from(["0s", "1m", "3m"]),
    st.sampled_from(["0s", "1m", "3m"]),
    st.sampled_from([one.value for one in Policy]),
    st.booleans(),
)


@given(RULES, SIGNALS)
def test_every_change_is_told_once_and_with_a_reason(one: Rule, signals: list[Signal]) -> None:
    was = new_instance(LABELS, one, 0.0)
    found: list[Transition] = []
    for number, signal in enumerate(signals):
        became, transition = step(was, signal, one, number * 60.0)
        assert (transition is not None) == ((became.state, became.severity) != (was.state, was.severity)) or (
            was.state is became.state is State.PENDING
        )
        assert (became.fired_at is not None) == (became.level_at is not None) == (became.state in FIRING)
        if transition:
            assert transition.reason.endswith(".")
            found.append(transition)
        was = became
    assert all(one.after is other.before for one, other in pairwise(found))


@given(RULES, SIGNALS)
def test_it_never_fires_before_its_time(one: Rule, signals: list[Signal]) -> None:
    was = new_instance(LABELS, one, 0.0)
    for number, signal in enumerate(signals):
        became, _ = step(was, signal, one, number * 60.0)
        if became.state in FIRING and was.state not in FIRING:
            assert number * 60.0 - became.cause_since >= one.for_s
        was = became
