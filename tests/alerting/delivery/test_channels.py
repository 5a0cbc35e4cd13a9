"""Channels: settings that are checked, sealed and never shown; those of the product, the file and the environment."""

import json
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest

from accounts.models import AuditRecord, User
from alerting.engine.channels.configs import read_config, shown
from alerting.engine.channels.content import MessageContent, bundle_of, content_of, document_of
from alerting.engine.channels.retrying import rest_s, retry_at
from alerting.errors import ChannelInvalid, ChannelNotFound, DeliveryNotFound
from alerting.models import Channel, Delivery, DeliveryStatus, EscalationPlan, Notification
from alerting.selectors.channels import all_channels, channel_row
from alerting.selectors.deliveries import dead_letters, deliveries, outbox_state
from alerting.services._config import config_of
from alerting.services.deliver import deliver_channel
from alerting.services.provide_channels import provide_channels
from alerting.services.queue_message import queue_message
from alerting.services.replay_delivery import replay_delivery
from alerting.services.save_channel import create_channel, delete_channel, update_channel
from alerting.services.send_test import send_test
from common.configuration.alerting import read_alerting
from common.outgoing.errors import OutgoingRefused
from opinion_market.settings.database import email, smtp_url
from tests.alerting.delivery.conftest import MakeChannel, Queue, Serve
from tests.common.outgoing.receivers import answering
from tests.factories.accounts import make_alice, make_dave

SLACK = "https://hooks.slack.com/services/T0/B0/verysecret"
SMS = {"account": "AC1", "token": "verysecret", "sender": "+15550000000", "recipients": ["+351900000001"]}


@pytest.mark.parametrize(
    ("kind", "config", "field"),
    [
        ("email", {"recipients": ["nobody"]}, "recipients"),
        ("email", {"recipients": ["a@example.org\nBcc: b@example.org"]}, "recipients"),
        ("email", {"security": "maybe"}, "security"),
        ("email", {"port": 70_000}, "port"),
        ("webhook", {}, "url"),
        ("webhook", {"url": "ftp://example.org"}, "url"),
        ("webhook", {"url": "https://example.org", "secrets": ["short"]}, "secrets"),
        ("webhook", {"url": "https://example.org", "headers": {"webhook-id": "x"}}, "headers"),
        ("webhook", {"url": "https://example.org", "headers": {"X-A": "a\r\nX-B: b"}}, "headers"),
        ("webhook", {"url": "https://example.org", "more": 1}, "more"),
        ("slack", {}, "url"),
        ("slack", {"token": "t"}, "room"),
        ("sms", SMS | {"recipients": ["911"]}, "recipients"),
        ("sms", {key: value for key, value in SMS.items() if key != "token"}, "token"),
        ("apprise", {"urls": ["json://127.0.0.1/"]}, "urls"),
        ("apprise", {"urls": ["syslog://"]}, "urls"),
        ("apprise", {"urls": []}, "urls"),
    ],
)
def test_settings_that_cannot_be_used_say_which(kind: str, config: dict[str, Any], field: str) -> None:
    with pytest.raises(ChannelInvalid) as refusal:
        read_config(kind, config)
    assert refusal.value.errors[0].pointer == field


@pytest.mark.parametrize(
    ("kind", "config"),
    [
        ("slack", {"url": SLACK}),
        ("sms", SMS),
        ("email", {"password": "verysecret", "username": "u", "server": "mail"}),
        ("webhook", {"url": "https://example.org/in/verysecret", "headers": {"X-Key": "verysecret"}}),
        ("apprise", {"urls": ["discord://1/verysecret"]}),
    ],
)
def test_no_secret_is_shown(kind: str, config: dict[str, Any]) -> None:
    read = read_config(kind, config)
    assert "verysecret" in str(read)
    assert "verysecret" not in str(shown(kind, read))


@pytest.mark.django_db
def test_settings_are_sealed_and_kept_when_they_are_not_given_anew() -> None:
    dave = make_dave()
    row = create_channel(actor_id=dave.pk, name="phone", kind="sms", config=SMS).row
    channel = Channel.objects.get(pk=row.id)
    assert "verysecret" not in channel.sealed + str(channel.shown) + str(row)
    changed = {**row.shown, "recipients": ["+351900000002"]}
    update_channel(actor_id=dave.pk, channel_id=row.id, config=changed, timeout_s=9.0)
    config = config_of(Channel.objects.get(pk=row.id))
    assert (config["token"], config["recipients"]) == ("verysecret", ["+351900000002"])
    assert channel_row(row.id).timeout_s == 9.0
    delete_channel(actor_id=dave.pk, channel_id=row.id)
    with pytest.raises(ChannelNotFound):
        channel_row(row.id)
    actions = list(AuditRecord.objects.order_by("id").values_list("action", flat=True))
    assert actions == ["alerting.channel_created", "alerting.channel_changed", "alerting.channel_deleted"]
    assert "verysecret" not in str(list(AuditRecord.objects.values_list("before", "after")))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"name": "IN-APP"}, "name"),
        ({"name": " "}, "name"),
        ({"timeout_s": 61.0}, "timeout"),
        ({"retry_attempts": 21}, "retry_attempts"),
        ({"kind": "pigeon"}, "kind"),
    ],
)
def test_a_refused_channel_is_not_there(more: dict[str, Any], field: str) -> None:
    provide_channels()
    count = Channel.objects.count()
    given = {"name": "hook", "kind": "in_app", "config": {}} | more
    with pytest.raises(ChannelInvalid) as refusal:
        create_channel(actor_id=None, **given)
    assert refusal.value.errors[0].pointer == field
    assert Channel.objects.count() == count


@pytest.mark.django_db
def test_an_inner_address_is_refused_when_it_is_saved() -> None:
    with pytest.raises(OutgoingRefused) as refusal:
        create_channel(actor_id=None, name="hook", kind="webhook", config={"url": "http://169.254.169.254/"})
    assert refusal.value.errors[0].pointer == "url"
    assert not Channel.objects.filter(name="hook").exists()


@pytest.mark.django_db
def test_the_file_is_followed_until_somebody_changes_the_channel(settings: Any, tmp_path: Path) -> None:
    def use(address: str) -> None:
        file = tmp_path / "alerting.yaml"
        hook = f"{{name: pager, kind: webhook, url: '{address}', timeout: 7, retry_attempts: 5}}"
        file.write_text(f"interval: 30\nescalation: 1800\nchannels:\n  - {hook}\n")
        settings.ALERTING_CONFIG = read_alerting(file)
        provide_channels()

    use("https://one.example.org/")
    channel = Channel.objects.get(name="pager")
    assert (channel.timeout_s, channel.retry_attempts, channel.is_default) == (7.0, 5, True)
    use("https://two.example.org/")
    assert config_of(Channel.objects.get(name="pager"))["url"] == "https://two.example.org/"
    update_channel(actor_id=None, channel_id=channel.pk, retry_attempts=1)
    use("https://three.example.org/")
    assert config_of(Channel.objects.get(name="pager"))["url"] == "https://two.example.org/"
    assert Channel.objects.get(name="pager").retry_attempts == 1


@pytest.mark.django_db
def test_what_the_product_brings(settings: Any) -> None:
    settings.SLACK_WEBHOOK_URL = SLACK
    Channel.objects.all().delete()
    EscalationPlan.objects.all().delete()
    provide_channels()
    provide_channels()
    assert [(row.name, row.kind, row.is_default) for row in all_channels()] == [
        ("email", "email", False),
        ("in-app", "in_app", True),
        ("slack", "slack", True),
    ]
    assert EscalationPlan.objects.get().is_default
    with pytest.raises(ChannelInvalid):
        delete_channel(actor_id=None, channel_id=Channel.objects.get(name="email").pk)


@pytest.mark.django_db
def test_in_app_tells_operators_one_line_for_a_thread(queue: Queue) -> None:
    provide_channels()
    dave, alice = make_dave(), make_alice()
    channel = Channel.objects.get(name="in-app")
    queue(channel, "a", "CPU is high", thread="incident:1")
    deliver_channel(channel_id=channel.pk)
    queue(channel, "b", "CPU", thread="incident:1", content={"is_resolved": True})
    deliver_channel(channel_id=channel.pk)
    assert Notification.objects.get(user=dave).title == "Resolved: CPU"
    assert not Notification.objects.filter(user=alice).exists()


@pytest.mark.django_db
def test_a_test_goes_the_whole_way(serve: Serve, make_channel: MakeChannel) -> None:
    server = serve(answering())
    channel = make_channel("hook", "webhook", {"url": server.url()})
    found = send_test(channels=["hook", "unknown"], content=MessageContent("Test of rule CPU", type="alert.test"))
    assert [(one.channel, one.delivery_id is None) for one in found] == [("hook", False), ("unknown", True)]
    deliver_channel(channel_id=channel.pk)
    (row,) = deliveries([one.delivery_id for one in found if one.delivery_id is not None])
    assert (row.status, row.source, row.attempts[0].detail) == ("delivered", "test", "Answered 200.")
    assert json.loads(server.requests[0].partition(b"\r\n\r\n")[2])["type"] == "alert.test"


@pytest.mark.django_db
def test_a_dead_letter_is_sent_again_with_its_key(serve: Serve, make_channel: MakeChannel, queue: Queue) -> None:
    statuses = [400, 200]
    server = serve(lambda connection, found: answering(statuses[len(found.requests)])(connection, found))
    channel = make_channel("hook", "webhook", {"url": server.url()})
    row = queue(channel)
    deliver_channel(channel_id=channel.pk)
    assert [one.id for one in dead_letters()] == [row.pk]
    assert (outbox_state().waiting, outbox_state().dead) == (0, 1)
    replay_delivery(actor_id=make_dave().pk, delivery_id=row.pk)
    assert outbox_state().waiting == 1
    deliver_channel(channel_id=channel.pk)
    assert Delivery.objects.get().status == DeliveryStatus.DELIVERED
    assert [request.count(b"webhook-id: msg_k1\r\n") for request in server.requests] == [1, 1]
    with pytest.raises(DeliveryNotFound):
        replay_delivery(actor_id=make_dave().pk, delivery_id=row.pk)


@pytest.mark.django_db
def test_nothing_is_queued_for_a_channel_that_is_off(make_channel: MakeChannel) -> None:
    channel = make_channel("hook", "webhook", {"url": "https://hooks.example.org/"}, is_enabled=False)
    assert queue_message(key="k", channel=channel.name, content=MessageContent("CPU")) is None
    assert not Delivery.objects.exists()


def test_the_mail_server_of_the_environment() -> None:
    found = email(smtp_url("mail.example.org", 465, "ops@example.org", "p:@/ss"))
    assert (found["EMAIL_HOST"], found["EMAIL_PORT"], found["EMAIL_USE_SSL"]) == ("mail.example.org", 465, True)
    assert (found["EMAIL_HOST_USER"], found["EMAIL_HOST_PASSWORD"]) == ("ops@example.org", "p:@/ss")
    assert email(smtp_url("mail", 587, "u", "p"))["EMAIL_USE_TLS"] is True
    assert email(smtp_url("mail", 25, "", ""))["EMAIL_USE_TLS"] is False


def test_contents_read_back_and_bundle() -> None:
    one = MessageContent("a" * 300, "b", "warning", facts=(("Host", "web-1"),))
    assert len(document_of(one)["title"]) == 200
    short = MessageContent("CPU", facts=(("Host", "web-1"),), severity="warning", is_resolved=True)
    assert content_of(json.loads(json.dumps(document_of(short)))) == short
    both = bundle_of([short, MessageContent("Disk", severity="critical")])
    assert (both.title, both.severity, both.is_resolved) == ("2 messages: CPU", "critical", False)
    assert both.text == "- Resolved: CPU\n- Disk"


@pytest.mark.parametrize(
    ("attempts", "asked_s", "deadline_at", "at"),
    [(1, None, None, 1.0), (2, None, None, 2.0), (3, None, None, 4.0), (4, None, None, None), (1, 90.0, None, 90.0),
     (1, 1e6, None, 3_600.0), (3, None, 4.0, None), (3, None, 4.1, 4.0)],
)  # fmt: skip
def test_retries(attempts: int, asked_s: float | None, deadline_at: float | None, at: float | None) -> None:
    assert retry_at(attempts=attempts, retry_attempts=3, now=0.0, deadline_at=deadline_at, asked_s=asked_s) == at


def test_rests_grow_and_end() -> None:
    assert [rest_s(failures) for failures in (0, 4, 5, 6, 9, 50)] == [0.0, 0.0, 4.0, 8.0, 60.0, 60.0]


@pytest.mark.django_db
def test_an_extra_that_is_not_installed_says_so(make_channel: MakeChannel, queue: Queue) -> None:
    row = queue(channel := make_channel("chat", "apprise", {"urls": ["discord://1/2"]}))
    with patch("alerting.services._senders.apprise.find_spec", return_value=None):
        deliver_channel(channel_id=channel.pk)
    row.refresh_from_db()
    assert (row.status, row.problem) == (DeliveryStatus.DEAD, "Apprise isn't installed here: pip install apprise.")


@pytest.mark.django_db
def test_a_channel_has_the_language_of_who_makes_it_unless_it_is_given() -> None:
    dave = make_dave()
    User.objects.filter(pk=dave.pk).update(language="de")
    makes: list[tuple[str, dict[str, Any], str | None]] = [
        ("sms", SMS, "de"), ("sms", {**SMS, "language": ""}, ""), ("webhook", {"url": "https://example.org/in"}, None),
    ]  # fmt: skip
    for number, (kind, config, language) in enumerate(makes):
        row = create_channel(actor_id=dave.pk, name=f"one {number}", kind=kind, config=config).row
        assert row.shown.get("language") == language
    with pytest.raises(ChannelInvalid):
        create_channel(actor_id=dave.pk, name="other", kind="sms", config={**SMS, "language": "../de"})
    assert Channel.objects.filter(kind="sms").count() == 2
