"""The outbox: leases, retries, ends, order, and channels that don't wait for each other."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from alerting.models import Channel, Delivery, DeliveryAttempt, DeliveryStatus
from alerting.services._ending import end
from alerting.services._leasing import due_channels, lease_next
from alerting.services.deliver import deliver_channel
from tests.alerting.delivery.conftest import MakeChannel, Queue, Serve
from tests.common.outgoing.receivers import answering, redirecting, resetting, silent

pytestmark = pytest.mark.django_db
T0 = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)


def test_a_message_is_sent_once_and_remembered(serve: Serve, make_channel: MakeChannel, queue: Queue) -> None:
    server = serve(answering())
    channel = make_channel("hook", "webhook", {"url": server.url("/in")})
    row = queue(channel)
    assert queue(channel).pk == row.pk
    assert due_channels() == [channel.pk]
    assert deliver_channel(channel_id=channel.pk) == 1
    assert deliver_channel(channel_id=channel.pk) == 0
    row.refresh_from_db()
    assert (row.status, row.attempts, row.problem) == (DeliveryStatus.DELIVERED, 1, "")
    attempt = DeliveryAttempt.objects.get(delivery=row)
    assert (attempt.number, attempt.is_success, attempt.detail) == (1, True, "Answered 200.")
    assert len(server.requests) == 1
    assert due_channels() == []


def test_failures_are_tried_again_as_often_as_the_channel_says(
    serve: Serve, make_channel: MakeChannel, queue: Queue
) -> None:
    server = serve(answering(503))
    channel = make_channel("hook", "webhook", {"url": server.url()}, retry_attempts=2)
    waits = []
    with time_machine.travel(T0, tick=False) as now:
        row = queue(channel)
        for _ in range(3):
            assert deliver_channel(channel_id=channel.pk) == 1
            row.refresh_from_db()
            waits.append((row.due_at - datetime.now(UTC)).total_seconds())
            now.move_to(row.due_at)
    assert waits[:2] == [1.0, 2.0]
    assert (row.status, row.failed, row.problem) == (DeliveryStatus.DEAD, 2, "Answered 503.")
    details = list(DeliveryAttempt.objects.order_by("number").values_list("number", "is_success", "detail"))
    assert details == [(1, False, "Answered 503."), (2, False, "Answered 503."), (3, False, "Answered 503.")]
    ids = {request.split(b"webhook-id: ")[1].split(b"\r\n")[0] for request in server.requests}
    assert ids == {b"msg_k1"}


def test_a_receiver_may_ask_for_time(serve: Serve, make_channel: MakeChannel, queue: Queue) -> None:
    server = serve(answering(429, headers="Retry-After: 90\r\n"))
    channel = make_channel("hook", "webhook", {"url": server.url()})
    with time_machine.travel(T0, tick=False):
        row = queue(channel)
        deliver_channel(channel_id=channel.pk)
    row.refresh_from_db()
    assert row.due_at == T0 + timedelta(seconds=90)


@pytest.mark.parametrize("status", [400, 401, 404, 410])
def test_a_refusal_for_good_is_not_tried_again(
    status: int, serve: Serve, make_channel: MakeChannel, queue: Queue
) -> None:
    server = serve(answering(status))
    row = queue(channel := make_channel("hook", "webhook", {"url": server.url()}))
    deliver_channel(channel_id=channel.pk)
    row.refresh_from_db()
    assert (row.status, row.attempts) == (DeliveryStatus.DEAD, 1)


def test_a_redirect_is_refused_and_not_followed(serve: Serve, make_channel: MakeChannel, queue: Queue) -> None:
    canary = serve(answering())
    server = serve(redirecting(canary.url()))
    row = queue(channel := make_channel("hook", "webhook", {"url": server.url()}))
    deliver_channel(channel_id=channel.pk)
    row.refresh_from_db()
    assert (row.status, row.problem) == (DeliveryStatus.DEAD, "Answered 302; redirects aren't followed.")
    assert canary.connections == 0


@pytest.mark.parametrize(
    ("behaviour", "problem"), [(silent, "No answer within 0.2 s."), (resetting, "The connection was reset.")]
)
def test_trouble_on_the_way_is_tried_again(
    behaviour: object, problem: str, serve: Serve, make_channel: MakeChannel, queue: Queue
) -> None:
    server = serve(behaviour)  # type: ignore[arg-type]
    row = queue(channel := make_channel("hook", "webhook", {"url": server.url()}, timeout_s=0.2))
    deliver_channel(channel_id=channel.pk)
    row.refresh_from_db()
    assert (row.status, row.problem, row.failed) == (DeliveryStatus.WAITING, problem, 1)
    channel.refresh_from_db()
    assert (channel.failures, channel.problem) == (1, problem)


def test_a_name_that_turned_inward_is_refused_when_it_is_used(make_channel: MakeChannel, queue: Queue) -> None:
    channel = make_channel("hook", "webhook", {"url": "https://localtest.example.org/"})
    row = queue(channel)
    import_of = "common.outgoing.connecting.socket.getaddrinfo"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(import_of, lambda *args, **kwargs: [(0, 0, 0, "", ("127.0.0.1", 443))])
        deliver_channel(channel_id=channel.pk)
    row.refresh_from_db()
    assert row.status == DeliveryStatus.DEAD
    assert row.problem.startswith("Not sent: localtest.example.org leads to an address")


def test_what_comes_too_late_is_not_sent(serve: Serve, make_channel: MakeChannel, queue: Queue) -> None:
    server = serve(answering())
    channel = make_channel("hook", "webhook", {"url": server.url()})
    with time_machine.travel(T0, tick=False) as now:
        row = queue(channel, deadline_at=T0 + timedelta(minutes=5))
        now.shift(300)
        assert deliver_channel(channel_id=channel.pk) == 0
    row.refresh_from_db()
    assert (row.status, server.requests) == (DeliveryStatus.EXPIRED, [])


def test_a_worker_that_died_leaves_a_message_that_is_due_again(
    serve: Serve, make_channel: MakeChannel, queue: Queue
) -> None:
    server = serve(answering())
    channel = make_channel("hook", "webhook", {"url": server.url()})
    with time_machine.travel(T0, tick=False) as now:
        row = queue(channel)
        lost = lease_next(channel.pk)
        assert lost is not None
        assert lease_next(channel.pk) is None
        now.shift(26)
        assert deliver_channel(channel_id=channel.pk) == 1
    row.refresh_from_db()
    assert (row.status, row.attempts) == (DeliveryStatus.DELIVERED, 2)
    told = list(DeliveryAttempt.objects.order_by("number").values_list("is_success", "detail"))
    assert told == [(None, "The worker was lost; the receiver may have it or not."), (True, "Answered 200.")]


def test_a_worker_that_was_thought_dead_changes_nothing(make_channel: MakeChannel, queue: Queue) -> None:
    channel = make_channel("hook", "webhook", {"url": "https://hooks.example.org/"})
    row = queue(channel)
    late = lease_next(channel.pk)
    assert late is not None
    Delivery.objects.filter(pk=row.pk).update(due_at=T0)
    again = lease_next(channel.pk)
    assert again is not None
    assert end(late.rows, DeliveryStatus.DELIVERED, "") == 0
    assert end(again.rows, DeliveryStatus.DELIVERED, "") == 1


def test_messages_of_a_thread_keep_their_order(serve: Serve, make_channel: MakeChannel, queue: Queue) -> None:
    server = serve(answering(503))
    channel = make_channel("hook", "webhook", {"url": server.url()})
    first = queue(channel, "a", "fires", thread="incident:1")
    second = queue(channel, "b", "is resolved", thread="incident:1")
    other = queue(channel, "c", "other", thread="incident:2")
    deliver_channel(channel_id=channel.pk)
    tried = {row.key: row.attempts for row in Delivery.objects.filter(pk__in=[first.pk, second.pk, other.pk])}
    assert tried == {"a": 1, "b": 0, "c": 1}


def test_a_slow_channel_holds_nobody_else(serve: Serve, make_channel: MakeChannel, queue: Queue) -> None:
    slow = make_channel("slow", "webhook", {"url": serve(silent).url()})
    quick = make_channel("quick", "webhook", {"url": serve(answering()).url()})
    for number in range(5):
        queue(slow, f"s{number}")
    queue(quick, "q")
    assert lease_next(slow.pk) is not None
    assert lease_next(slow.pk) is not None
    assert lease_next(slow.pk) is None
    assert deliver_channel(channel_id=quick.pk) == 1


def test_a_channel_that_does_not_answer_rests(serve: Serve, make_channel: MakeChannel, queue: Queue) -> None:
    server = serve(answering(500))
    channel = make_channel("hook", "webhook", {"url": server.url()}, retry_attempts=0)
    for number in range(8):
        queue(channel, f"k{number}")
    assert deliver_channel(channel_id=channel.pk) == 5
    assert due_channels() == []
    with time_machine.travel(datetime.now(UTC) + timedelta(seconds=5)):
        assert due_channels() == [channel.pk]


def test_a_channel_that_is_switched_off_keeps_its_messages(make_channel: MakeChannel, queue: Queue) -> None:
    channel = make_channel("hook", "webhook", {"url": "https://hooks.example.org/"})
    queue(channel)
    Channel.objects.filter(pk=channel.pk).update(is_enabled=False)
    assert deliver_channel(channel_id=channel.pk) == 0
    assert Delivery.objects.get().status == DeliveryStatus.WAITING
