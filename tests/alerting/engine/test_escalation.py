from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerting.engine.audit import overdue
from alerting.engine.escalation import (
    Escalation,
    EscalationPolicy,
    Status,
    Step,
    acknowledge,
    advance,
    begin,
    check_policy,
    due_at,
    resolve,
)
from alerting.engine.hours import hours
from alerting.errors import EscalationInvalid
from alerting.types import Severity

LABELS = (("alertname", "CPU"),)
ALICE, BOB = Step(("person:alice",), 300.0), Step(("schedule:second", "channel:room"), 600.0)
POLICY = EscalationPolicy("ops", (ALICE, BOB), repeats=1, raise_after_s=None)


def start(policy: EscalationPolicy = POLICY, severity: Severity = Severity.WARNING) -> Escalation:
    return begin(LABELS, policy, severity, 0.0)


def run(one: Escalation, until: float, limit: int = 100) -> tuple[Escalation, list[tuple[float, str, Severity]]]:
    """Each thing at the moment when it is due."""
    calls = []
    for _ in range(limit):
        at = due_at(one)
        if at is None or at > until:
            return one, calls
        one, call = advance(one, at)
        if call:
            calls.append((call.at, call.targets[0], call.severity))
    raise AssertionError("it never ends")


def times(policy: EscalationPolicy, until: float = 1e9) -> list[tuple[float, str]]:
    return [(at, target) for at, target, _ in run(start(policy), until)[1]]


def test_steps_in_order_and_rounds() -> None:
    one, calls = run(start(), 1e9)
    assert [(at, target) for at, target, _ in calls] == [
        (0.0, "person:alice"),
        (300.0, "schedule:second"),
        (900.0, "person:alice"),
        (1200.0, "schedule:second"),
    ]
    assert one.status is Status.EXHAUSTED
    assert [line.text for line in one.log] == [
        "Began with policy ops.",
        "Step 1 of round 1: person:alice.",
        "Step 2 of round 1: schedule:second, channel:room.",
        "Step 1 of round 2: person:alice.",
        "Step 2 of round 2: schedule:second, channel:room.",
        "Everybody was told.",
    ]


def test_an_acknowledgement_stops_everything() -> None:
    one, _ = run(start(replace(POLICY, raise_after_s=1800.0)), 100.0)
    held = acknowledge(one, "alice", 100.0)
    assert (held.status, due_at(held)) == (Status.ACKNOWLEDGED, None)
    assert advance(held, 1e6) == (held, None)


def test_an_acknowledgement_with_a_limit_lapses() -> None:
    one, _ = run(start(), 100.0)
    held = acknowledge(one, "alice", 100.0, 3600.0)
    again, calls = run(held, 3700.0)
    assert calls == [(3700.0, "person:alice", Severity.WARNING)]
    assert again.log[-2].text == "The acknowledgement of alice ran out; it begins again."
    by_policy = acknowledge(start(replace(POLICY, acknowledge_s=60.0)), "bob", 0.0)
    assert (by_policy.acknowledged_until, due_at(by_policy)) == (60.0, 60.0)


def test_the_severity_rises_once_after_1800_s() -> None:
    one, calls = run(start(replace(POLICY, repeats=0, raise_after_s=1800.0)), 1e9)
    assert calls == [
        (0.0, "person:alice", Severity.WARNING),
        (300.0, "schedule:second", Severity.WARNING),
        (1800.0, "person:alice", Severity.CRITICAL),
        (2100.0, "schedule:second", Severity.CRITICAL),
    ]
    assert "Nobody acknowledged it for 30m: raised to critical." in [line.text for line in one.log]
    assert run(start(replace(POLICY, raise_after_s=1800.0), Severity.EMERGENCY), 1e9)[0].severity is Severity.EMERGENCY


def test_what_is_not_urgent_waits_for_the_office() -> None:
    office = hours("office", clocks=[("09:00", "17:00")])
    policy = replace(POLICY, hours=office, repeats=0)
    assert times(policy) == [(32_400.0, "person:alice"), (32_700.0, "schedule:second")]
    assert run(start(policy, Severity.CRITICAL), 0.0)[1] == [(0.0, "person:alice", Severity.CRITICAL)]
    # Once it has risen it waits no longer.
    assert times(replace(policy, raise_after_s=1800.0))[0] == (1800.0, "person:alice")


def test_after_a_pause_one_step_at_a_time() -> None:
    one, call = advance(start(), 10_000.0)
    assert call is not None
    assert (call.step, call.due_at, call.at) == (0, 0.0, 10_000.0)
    assert advance(one, 10_000.0) == (one, None)
    assert due_at(one) == 10_300.0


def test_the_policy_is_the_one_of_the_beginning() -> None:
    one = start()
    assert one.policy is POLICY
    assert advance(one, 0.0)[0].policy is POLICY


def test_what_is_resolved_never_changes() -> None:
    done = resolve(start(), 5.0, "The condition has not held.")
    assert (done.status, due_at(done), advance(done, 1e9)) == (Status.RESOLVED, None, (done, None))
    assert done.log[-1] == (5.0, "Resolved: The condition has not held.")
    with pytest.raises(EscalationInvalid):
        acknowledge(done, "alice", 6.0)
    with pytest.raises(EscalationInvalid):
        resolve(done, 6.0, "again")


@pytest.mark.parametrize(
    "policy",
    [
        replace(POLICY, steps=()),
        replace(POLICY, steps=(ALICE,) * 21),
        replace(POLICY, steps=(Step(()),)),
        replace(POLICY, steps=(Step(("person:alice",), 29.0),)),
        replace(POLICY, repeats=6),
    ],
)
def test_what_is_no_policy_is_refused(policy: EscalationPolicy) -> None:
    with pytest.raises(EscalationInvalid):
        check_policy(policy)
    check_policy(POLICY)


POLICIES = st.builds(
    EscalationPolicy,
    st.just("ops"),
    st.lists(st.builds(Step, st.just(("person:alice",)), st.floats(30, 3600)), min_size=1, max_size=5).map(tuple),
    st.integers(0, 5),
    st.one_of(st.none(), st.just(1800.0)),
)


@given(POLICIES)
def test_every_policy_ends_after_all_its_steps(policy: EscalationPolicy) -> None:
    one, calls = run(start(policy), 1e9)
    assert one.status is Status.EXHAUSTED
    all_steps = len(policy.steps) * (policy.repeats + 1)
    assert all_steps <= len(calls) <= all_steps + len(policy.steps)
    assert [at for at, *_ in calls] == sorted(at for at, *_ in calls)


@given(POLICIES, st.lists(st.floats(1, 3000), max_size=30))
def test_the_auditor_finds_what_is_late_and_nothing_else(policy: EscalationPolicy, pauses: list[float]) -> None:
    one, now = start(policy), 0.0
    for pause in pauses:
        now += pause
        at = due_at(one)
        assert bool(overdue([one], now, 300.0)) == (at is not None and now - at > 300.0)
        one, _ = advance(one, now)
        assert overdue([one], now, 300.0) == []


def test_the_latest_come_first() -> None:
    fresh, old = begin(LABELS, POLICY, Severity.INFO, 900.0), start()
    assert [late.late_s for late in overdue([fresh, old, acknowledge(old, "alice", 1.0)], 1300.0)] == [1300.0, 400.0]
