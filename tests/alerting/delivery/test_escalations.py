"""Stored escalations: steps, acknowledgement, raise, snapshot, schedules, and the auditor after a death."""

import os
import signal
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from typing import Any
from unittest.mock import patch
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import connection

from alerting.engine.channels.content import MessageContent
from alerting.engine.escalation import Escalation, EscalationPolicy, Step, advance, begin
from alerting.engine.escalation_documents import escalation_document, escalation_of, policy_of, schedule_of
from alerting.engine.schedules import on_call
from alerting.errors import EscalationInvalid
from alerting.events import EscalationRaised
from alerting.models import Channel, Contact, Delivery, EscalationPlan, EscalationRun, OnCallOverride, OnCallSchedule
from alerting.services.acknowledge_escalation import acknowledge_escalation
from alerting.services.advance_escalations import advance_escalations, audit_escalations
from alerting.services.begin_escalation import begin_escalation
from alerting.services.provide_channels import provide_channels
from alerting.services.resolve_escalation import resolve_escalation
from alerting.types import Severity
from common import clock
from common.bus import subscribe
from tests.alerting.delivery.conftest import MakeChannel
from tests.factories.accounts import make_alice, make_bob, make_dave

pytestmark = pytest.mark.django_db
T0 = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
STEPS = [
    {"targets": ["person:alice"], "wait": "5m"},
    {"targets": ["schedule:primary", "channel:hook"], "wait": "10m"},
]


@pytest.fixture(autouse=True)
def provided(db: None) -> None:
    provide_channels()
    make_alice(), make_bob(), make_dave()


def _plan(name: str = "pages", **document: Any) -> EscalationPlan:
    return EscalationPlan.objects.create(
        name=name, document={"steps": STEPS} | document, created_at=clock.now(), updated_at=clock.now()
    )


def _begin(key: str = "incident:1", severity: Severity = Severity.CRITICAL, policy: str = "pages") -> EscalationRun:
    found = begin_escalation(
        key=key, labels=(("alertname", "CPU"),), severity=severity, policy_name=policy, content=MessageContent("CPU")
    )
    return EscalationRun.objects.get(pk=found)


def _told() -> list[tuple[str, str]]:
    return list(Delivery.objects.order_by("id").values_list("channel__name", "recipient"))


def test_steps_are_told_in_order_and_an_acknowledgement_stops_them(make_channel: MakeChannel) -> None:
    make_channel("hook", "webhook", {"url": "https://hooks.example.org/"})
    OnCallSchedule.objects.create(
        name="primary",
        document={"rotations": [{"people": ["bob"], "starts_at": "2026-01-05T09:00", "zone": "Europe/Lisbon"}]},
        created_at=T0,
        updated_at=T0,
    )
    _plan()
    with time_machine.travel(T0, tick=False) as now:
        _begin()
        assert advance_escalations() == 1
        assert advance_escalations() == 0
        assert _told() == [("in-app", ""), ("email", "alice@example.org")]
        now.shift(299)
        assert advance_escalations() == 0
        now.shift(1)
        assert advance_escalations() == 1
        assert _told()[2:] == [("in-app", ""), ("email", "bob@example.org"), ("hook", "")]
        assert acknowledge_escalation(key="incident:1", by="bob")
        now.shift(86_400)
        assert advance_escalations() == 0
    run = EscalationRun.objects.get()
    assert (run.status, run.due_at, run.late_ms_max, run.calls) == ("acknowledged", None, 0, 2)
    assert [text for _, text in run.state["log"]][-1] == "Acknowledged by bob."


def test_the_severity_rises_after_the_timeout_of_the_site(
    settings: Any, django_capture_on_commit_callbacks: Any
) -> None:
    raised: list[EscalationRaised] = []
    subscribe(EscalationRaised)(raised.append)
    settings.ALERTING_ESCALATION_TIMEOUT = 1_800
    _plan(steps=[STEPS[0]])
    with time_machine.travel(T0, tick=False) as now, django_capture_on_commit_callbacks(execute=True):
        _begin(severity=Severity.WARNING)
        advance_escalations()
        now.shift(1_799)
        assert advance_escalations() == 0
        now.shift(1)
        assert advance_escalations() == 1
    assert raised == [EscalationRaised("incident:1", int(Severity.CRITICAL))]
    assert EscalationRun.objects.get().severity == Severity.CRITICAL
    assert Delivery.objects.order_by("-id")[0].content["severity"] == "critical"


def test_the_policy_is_kept_as_it_was_when_it_began() -> None:
    plan = _plan(steps=[STEPS[0], STEPS[0]])
    with time_machine.travel(T0, tick=False) as now:
        run = _begin()
        plan.document = {"steps": [{"targets": ["person:bob"], "wait": "1m"}]}
        plan.save()
        advance_escalations()
        now.shift(300)
        advance_escalations()
    assert {recipient for _, recipient in _told()} == {"", "alice@example.org"}
    assert run.policy == "pages"


def test_beginning_again_changes_nothing_but_the_severity() -> None:
    _plan()
    first, second = _begin(severity=Severity.WARNING), _begin(severity=Severity.CRITICAL)
    assert first.pk == second.pk
    assert (second.severity, EscalationRun.objects.count()) == (Severity.CRITICAL, 1)
    assert resolve_escalation(key="incident:1", reason="The CPU is calm.")
    assert advance_escalations() == 0
    assert not resolve_escalation(key="incident:1", reason="again")
    assert _begin().pk != first.pk


def test_an_acknowledgement_with_a_limit_lapses_and_all_begins_again() -> None:
    _plan()
    with time_machine.travel(T0, tick=False) as now:
        _begin()
        advance_escalations()
        acknowledge_escalation(key="incident:1", by="alice", limit_s=3_600)
        now.shift(3_600)
        assert advance_escalations() == 1
    assert _told() == [("in-app", ""), ("email", "alice@example.org")] * 2


def test_without_a_policy_of_its_name_the_default_one_is_used() -> None:
    assert _begin(policy="unknown").policy == "operators"


def test_nobody_on_call_is_no_silence() -> None:
    _plan(steps=[{"targets": ["schedule:empty"], "wait": "5m"}])
    _begin()
    advance_escalations()
    assert _told() == [("in-app", "")]


def test_a_person_is_told_at_every_address(make_channel: MakeChannel) -> None:
    channel = make_channel("phone", "sms", {"account": "A", "token": "t", "sender": "+15550000000"})
    Contact.objects.create(user=make_alice(), channel=channel, address="+351900000001", created_at=T0)
    _plan()
    _begin()
    advance_escalations()
    assert _told() == [("in-app", ""), ("email", "alice@example.org"), ("phone", "+351900000001")]


def test_an_override_is_whom_the_step_tells() -> None:
    schedule = OnCallSchedule.objects.create(
        name="primary", document={"rotations": [{"people": ["bob"], "starts_at": "2026-01-05T09:00"}]},
        created_at=T0, updated_at=T0,
    )  # fmt: skip
    OnCallOverride.objects.create(
        schedule=schedule, person=make_dave(), starts_at=T0, ends_at=T0 + timedelta(hours=8), created_at=T0
    )
    _plan(steps=[STEPS[1]])
    with time_machine.travel(T0, tick=False):
        _begin()
        advance_escalations()
    assert ("email", "dave@example.org") in _told()


def test_hand_over_keeps_its_hour_when_the_clocks_change() -> None:
    document = {
        "rotations": [
            {"people": ["alice", "bob"], "starts_at": "2026-10-24T09:00", "zone": "Europe/Lisbon", "turn_days": 1}
        ]
    }
    schedule = schedule_of("primary", document)
    zone = ZoneInfo("Europe/Lisbon")
    who = [
        on_call(schedule, datetime(2026, 10, day, hour, minute, tzinfo=zone).timestamp())
        for day, hour, minute in [(24, 9, 0), (25, 8, 59), (25, 9, 0), (26, 8, 59), (26, 9, 0)]
    ]
    assert who == ["alice", "alice", "bob", "bob", "alice"]


def test_business_hours_hold_what_is_not_urgent() -> None:
    hours = {"name": "office", "zone": "Europe/Lisbon", "clocks": [["09:00", "17:00"]], "weekdays": [[0, 4]]}
    _plan(steps=[STEPS[0]], hours=hours, raise_after=None)
    saturday = datetime(2026, 11, 7, 12, 0, tzinfo=UTC)
    with time_machine.travel(saturday, tick=False) as now:
        _begin("incident:low", Severity.WARNING)
        _begin("incident:high", Severity.CRITICAL)
        assert advance_escalations() == 1
        assert EscalationRun.objects.get(key="incident:low").due_at == datetime(2026, 11, 9, 9, 0, tzinfo=UTC)
        now.move_to(datetime(2026, 11, 9, 9, 0, tzinfo=UTC))
        assert advance_escalations() == 1


def test_the_auditor_heals_what_was_lost() -> None:
    _plan()
    with time_machine.travel(T0, tick=False) as now:
        late = _begin("incident:1")
        lost = _begin("incident:2")
        _begin("incident:3")
        EscalationRun.objects.filter(pk=lost.pk).update(due_at=None)
        assert audit_escalations() == 1
        now.shift(200)
        advance_escalations()
        EscalationRun.objects.filter(pk=late.pk).update(state=escalation_document(_fresh(T0)), due_at=T0)
        now.shift(101)
        assert audit_escalations() == 1
        assert audit_escalations() == 0
    assert EscalationRun.objects.get(pk=lost.pk).healed == 1
    assert EscalationRun.objects.get(pk=late.pk).healed == 1


def _fresh(at: datetime) -> Escalation:
    policy = policy_of("pages", {"steps": STEPS}, raise_after_s=1_800)
    return begin((), policy, Severity.CRITICAL, at.timestamp())


def test_what_is_stored_reads_back_the_same() -> None:
    hours = {"name": "office", "zone": "Europe/Lisbon", "clocks": [["09:00", "17:00"]], "weekdays": [[0, 4]]}
    policy = policy_of(
        "pages", {"steps": STEPS, "repeats": 2, "acknowledge": "1h", "hours": hours}, raise_after_s=1_234.5
    )
    odd = EscalationPolicy("odd", (Step(("person:alice",), 30.25),), raise_after_s=None)
    for one in (begin((("a", "b"),), policy, Severity.WARNING, 0.5), begin((), odd, Severity.INFO, 7.0)):
        after, _ = advance(one, 1e6)
        for state in (one, after):
            assert escalation_of(escalation_document(state)) == state


@pytest.mark.parametrize(
    ("document", "field"),
    [
        ({}, "steps"),
        ({"steps": [{"targets": ["alice"]}]}, "targets"),
        ({"steps": [{"targets": []}]}, "steps"),
        ({"steps": STEPS, "repeats": 9}, "repeats"),
        ({"steps": STEPS, "urgent_from": "huge"}, "severity"),
        ({"steps": STEPS, "more": 1}, "more"),
    ],
)
def test_a_policy_that_cannot_be_used_says_which_field(document: dict[str, Any], field: str) -> None:
    with pytest.raises(EscalationInvalid) as refusal:
        policy_of("pages", document, raise_after_s=1_800)
    assert refusal.value.errors[0].pointer.strip("/") == field


_DIES: str = """
import os, signal, sys
import django
django.setup()
from alerting.services import _calls, advance_escalations
def die(*args, **kwargs):
    os.kill(os.getpid(), signal.SIGKILL)
setattr(advance_escalations, sys.argv[1], die)
advance_escalations.advance_escalations()
"""


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("step", ["carry_out", "store", "advance"])
def test_an_engine_that_is_killed_at_a_step_leaves_nothing_half_done(step: str) -> None:
    _plan(steps=[STEPS[0]])
    run = _begin()
    name = connection.settings_dict["NAME"]
    script = (
        f"import django.conf\nfrom django.conf import settings\nsettings.DATABASES['default']['NAME']={name!r}\n{_DIES}"
    )
    died = subprocess.run([sys.executable, "-c", script, step], env={**os.environ}, check=False, capture_output=True)
    assert died.returncode == -signal.SIGKILL, died.stderr.decode()
    run.refresh_from_db()
    assert (run.calls, Delivery.objects.count()) == (0, 0)
    with patch("common.clock.now", lambda: datetime.now(UTC) + timedelta(seconds=301)):
        assert audit_escalations() == 1
    run.refresh_from_db()
    assert (run.calls, run.healed) == (1, 1)
    assert sorted(_told()) == [("email", "alice@example.org"), ("in-app", "")]
    assert Channel.objects.filter(name="in-app").exists()
