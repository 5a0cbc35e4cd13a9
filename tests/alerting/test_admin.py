"""Channels, policies and messages in the administration: analysts see, operators change, secrets stay secret."""

import json

import pytest
from django.test import Client

from accounts.models import AuditRecord, User
from accounts.types import Role
from alerting.engine.channels.content import MessageContent
from alerting.models import Channel, Delivery, DeliveryStatus, EscalationPlan, OnCallSchedule
from alerting.services._config import config_of
from alerting.services.provide_channels import provide_channels
from alerting.services.queue_message import queue_message
from tests.factories.accounts import make_dave, make_user

pytestmark = pytest.mark.django_db
CHANNEL = {
    "name": "phone", "kind": "sms", "is_enabled": "on", "sends_resolved": "on", "timeout_s": 5, "retry_attempts": 3,
}  # fmt: skip
SMS = {"account": "AC1", "token": "verysecret", "sender": "+15550000000", "recipients": ["+351900000001"]}


def entered(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_an_operator_makes_a_channel_whose_secret_is_never_seen_again() -> None:
    dave = entered(make_dave())
    answer = dave.post("/admin/alerting/channel/add/", CHANNEL | {"config": json.dumps(SMS)})
    assert answer.status_code == 302, answer.context["errors"]
    channel = Channel.objects.get(name="phone")
    page = dave.get(f"/admin/alerting/channel/{channel.pk}/change/").content.decode()
    assert "verysecret" not in page
    assert "••••••" in page or "\\u2022" in page
    changed = channel.shown | {"recipients": ["+351900000002"]}
    path = f"/admin/alerting/channel/{channel.pk}/change/"
    assert dave.post(path, CHANNEL | {"config": json.dumps(changed)}).status_code == 302
    config = config_of(Channel.objects.get(name="phone"))
    assert (config["token"], config["recipients"]) == ("verysecret", ["+351900000002"])
    assert "verysecret" not in str(list(AuditRecord.objects.values("before", "after")))


def test_settings_that_cannot_be_used_are_refused() -> None:
    dave = entered(make_dave())
    given = CHANNEL | {"kind": "webhook", "config": json.dumps({"url": "http://169.254.169.254/"})}
    answer = dave.post("/admin/alerting/channel/add/", given)
    assert answer.status_code == 200
    assert "is no public address" in answer.content.decode()
    assert not Channel.objects.filter(name="phone").exists()


def test_an_analyst_sees_and_a_trader_does_not() -> None:
    provide_channels()
    analyst = entered(make_user("ana", roles=(Role.ANALYST,)))
    assert analyst.get("/admin/alerting/channel/").status_code == 200
    assert analyst.post("/admin/alerting/channel/add/", CHANNEL).status_code == 403
    assert entered(make_user("bob")).get("/admin/alerting/channel/").status_code == 302


def test_policies_and_schedules_are_checked() -> None:
    dave = entered(make_dave())
    good = json.dumps({"steps": [{"targets": ["person:dave"], "wait": "5m"}]})
    bad = json.dumps({"steps": []})
    assert dave.post("/admin/alerting/escalationplan/add/", {"name": "a", "document": bad}).status_code == 200
    assert dave.post("/admin/alerting/escalationplan/add/", {"name": "a", "document": good}).status_code == 302
    rotation = {"people": ["dave"], "starts_at": "2026-01-05T09:00", "zone": "Europe/Lisbon"}
    schedule = {"name": "primary", "document": json.dumps({"rotations": [rotation]})}
    assert dave.post("/admin/alerting/oncallschedule/add/", schedule).status_code == 302
    wrong = schedule | {"name": "b", "document": json.dumps({"rotations": [rotation | {"zone": "Nowhere"}]})}
    assert dave.post("/admin/alerting/oncallschedule/add/", wrong).status_code == 200
    assert (EscalationPlan.objects.filter(name="a").count(), OnCallSchedule.objects.count()) == (1, 1)


def test_a_dead_letter_is_sent_again() -> None:
    provide_channels()
    pk = queue_message(key="k", channel="email", content=MessageContent("CPU"))
    Delivery.objects.filter(pk=pk).update(status=DeliveryStatus.DEAD)
    dave = entered(make_dave())
    assert dave.get(f"/admin/alerting/delivery/{pk}/change/").status_code == 200
    answer = dave.post(f"/admin/alerting/delivery/{pk}/do/replay/", {"reason": "The server is back."})
    assert answer.status_code == 302
    assert Delivery.objects.get().status == DeliveryStatus.WAITING
