"""Every channel may say how many messages a receiver gets; what waits meanwhile goes as one."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine

from alerting.engine.channels.configs import kinds, read_config, shown
from alerting.engine.channels.throttle import SMS_LIMITS, Limit, limits_of
from alerting.errors import ChannelInvalid
from alerting.models import Channel, Delivery, DeliveryStatus, NoticeKind, Notification
from alerting.services.deliver import deliver_channel
from alerting.services.save_channel import update_channel
from tests.alerting.delivery.conftest import MakeChannel, Queue, Serve
from tests.common.outgoing.receivers import answering
from tests.factories.accounts import make_alice, make_bob

T0 = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize("kind", kinds())
def test_every_kind_takes_a_throttle_and_shows_it(kind: str) -> None:
    config = read_config(kind, {"throttle": ["2 per 1m", "10 per 1h30m"]}, is_partial=True)
    assert shown(kind, config)["throttle"] == ["2 per 1m", "10 per 1h30m"]
    assert limits_of(kind, config) == (Limit(2, 60.0), Limit(10, 5_400.0))


@pytest.mark.parametrize("kind", kinds())
def test_without_one_only_text_messages_are_limited(kind: str) -> None:
    config = read_config(kind, {}, is_partial=True)
    assert "throttle" not in shown(kind, config)
    assert limits_of(kind, config) == (SMS_LIMITS if kind == "sms" else ())


@pytest.mark.parametrize(
    "throttle",
    ["1 per 1m", ["0 per 1m"], ["1 per 0s"], ["1 per 2d"], ["1001 per 1h"], ["often"], [5], ["1 per 1m"] * 6, {"1": 2}],
)
def test_a_throttle_that_cannot_be_used_is_refused(throttle: Any) -> None:
    with pytest.raises(ChannelInvalid) as refusal:
        read_config("webhook", {"url": "https://example.org", "throttle": throttle})
    assert refusal.value.errors[0].pointer == "throttle"


def test_a_webhook_gets_as_many_as_it_may_and_the_rest_as_one(
    serve: Serve, make_channel: MakeChannel, queue: Queue
) -> None:
    server = serve(answering())
    channel = make_channel("hook", "webhook", {"url": server.url(), "throttle": ["2 per 1m"]})
    with time_machine.travel(T0, tick=False) as now:
        for number in range(2):
            queue(channel, f"a{number}", f"first {number}", thread=f"t{number}")
            assert deliver_channel(channel_id=channel.pk) == 1
        for number in range(3):
            queue(channel, f"b{number}", f"later {number}", thread=f"t{number}")
        assert deliver_channel(channel_id=channel.pk) == 0
        now.shift(60)
        assert deliver_channel(channel_id=channel.pk) == 1
    told = [json.loads(one.partition(b"\r\n\r\n")[2])["data"] for one in server.requests]
    assert [one["title"] for one in told] == ["first 0", "first 1", "3 messages: later 0"]
    assert told[2]["text"] == "- later 0\n- later 1\n- later 2"
    assert [one["thread"] for one in told] == ["t0", "t1", ""]
    assert Delivery.objects.filter(status=DeliveryStatus.DELIVERED).count() == 5


def test_without_a_throttle_each_goes_alone(serve: Serve, make_channel: MakeChannel, queue: Queue) -> None:
    server = serve(answering())
    channel = make_channel("hook", "webhook", {"url": server.url()})
    for number in range(30):
        queue(channel, f"k{number}")
    assert deliver_channel(channel_id=channel.pk) == len(server.requests) == 30


@pytest.mark.django_db
def test_people_of_the_site_are_counted_apart(make_channel: MakeChannel, queue: Queue) -> None:
    alice, bob = make_alice(), make_bob()
    channel = make_channel("bell", "in_app", {"throttle": ["1 per 1h"]})
    for number, person in enumerate((alice, bob, alice)):
        queue(channel, f"k{number}", f"title {number}", user_id=person.pk)
    assert deliver_channel(channel_id=channel.pk) == 2
    told = Notification.objects.filter(kind=NoticeKind.ALERT).order_by("user_id")
    assert [(one.user_id, one.title) for one in told] == [(alice.pk, "2 messages: title 0"), (bob.pk, "title 1")]


@pytest.mark.django_db
def test_a_throttle_is_changed_and_taken_away(make_channel: MakeChannel) -> None:
    channel = make_channel("mail", "email", {"throttle": ["1 per 1m"]})
    update_channel(actor_id=None, channel_id=channel.pk, config={"throttle": ["5 per 1m"]})
    assert Channel.objects.get(pk=channel.pk).shown["throttle"] == ["5 per 1m"]
    update_channel(actor_id=None, channel_id=channel.pk, config={})
    assert "throttle" not in Channel.objects.get(pk=channel.pk).shown
