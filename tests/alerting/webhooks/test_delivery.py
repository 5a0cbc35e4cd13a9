"""Attempts, rests, switching off and on, rotation, replays, and what owners see of it."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from alerting.engine.channels.content import MessageContent
from alerting.engine.webhooks.ladder import ASKED_S_MAX, ATTEMPTS_MAX, STEPS_S, next_try_s, rest_s
from alerting.errors import WebhookInvalid, WebhookNotFound, WebhookOff
from alerting.models import Channel, Delivery, Notification, WebhookEndpoint, WebhookReplay
from alerting.selectors.channels import all_channels
from alerting.selectors.deliveries import outbox_state, recent_deliveries
from alerting.selectors.webhooks import endpoint_of, event_deliveries, event_delivery
from alerting.services import deliver
from alerting.services.queue_message import queue_message
from alerting.services.webhooks import switch_off
from alerting.services.webhooks.queue_events import queue_events
from alerting.services.webhooks.replay_events import queue_replays, replay_failed, replay_one, replay_since
from alerting.services.webhooks.rotate_secret import rotate_secret
from alerting.services.webhooks.save_endpoint import create_endpoint, delete_endpoint, update_endpoint
from alerting.services.webhooks.send_test_event import send_test_event
from alerting.services.webhooks.switch_off import watch_endpoints
from common.outgoing.errors import OutgoingRefused
from common.paging import CursorInvalid
from tests.alerting.webhooks.conftest import Hook, MakeHook, Serve, work
from tests.common.outgoing.receivers import answering, redirecting, silent
from tests.factories.accounts import make_bob
from tests.factories.trading import funded_alice, live_market, place

pytestmark = pytest.mark.django_db
T0 = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
SECRET_PATH = "/in?token=abc"  # not-a-secret


def _test(hook: Hook, event: str = "market.opened") -> Delivery:
    made = send_test_event(user_id=hook.row.user_id, endpoint_id=hook.id, event=event)
    return Delivery.objects.get(pk=made)


def _deliver(hook: Hook) -> None:
    deliver.deliver_channel(channel_id=hook.row.channel_id)


@pytest.mark.parametrize("failures", range(1, ATTEMPTS_MAX))
def test_each_step_of_the_ladder_is_a_little_longer_than_it_says(failures: int) -> None:
    step = STEPS_S[failures - 1]
    assert next_try_s(failures, asked_s=None, share=0.0) == step
    assert next_try_s(failures, asked_s=None, share=1.0) == pytest.approx(step * 1.1)
    assert next_try_s(failures, asked_s=9e9, share=0.0) == max(step, ASKED_S_MAX)


def test_the_ladder_ends_after_about_three_days() -> None:
    assert next_try_s(ATTEMPTS_MAX, asked_s=None, share=0.5) is None
    assert sum(STEPS_S) / 3_600 == pytest.approx(75.6, abs=0.1)


@pytest.mark.parametrize(
    ("failures", "status", "asked_s", "rest"),
    [
        (1, 500, None, 0),
        (3, 500, None, 4),
        (12, 500, None, 300),
        (1, 429, None, 5),
        (1, 503, None, 0),
        (2, 503, None, 5),
        (1, 503, 40, 40),
        (1, 429, 1e9, 3_600),
    ],
)
def test_an_endpoint_that_wants_less_is_left_alone(
    failures: int, status: int, asked_s: float | None, rest: float
) -> None:
    assert rest_s(failures, status=status, asked_s=asked_s) == rest


def test_failures_climb_the_ladder_with_one_id_and_every_attempt_is_kept(make_hook: MakeHook) -> None:
    with time_machine.travel(T0, tick=False) as now:
        hook = make_hook(funded_alice(), behaviour=answering(500, b"we are\r\nsorry"))
        row, waits = _test(hook), []
        for _ in range(ATTEMPTS_MAX):
            Channel.objects.update(rests_until=None)
            _deliver(hook)
            row.refresh_from_db()
            waits.append((row.due_at - datetime.now(UTC)).total_seconds())
            now.move_to(row.due_at)
    assert all(step <= wait <= step * 1.1 for step, wait in zip(STEPS_S, waits, strict=False))
    assert (row.status, row.problem) == ("dead", "Answered 500.")
    assert {hook.headers(number)["webhook-id"] for number in range(ATTEMPTS_MAX)} == {f"msg_{row.key}"}
    assert len({hook.headers(number)["webhook-timestamp"] for number in range(ATTEMPTS_MAX)}) == ATTEMPTS_MAX
    seen = event_delivery(hook.row.channel_id, row.pk)
    assert [(one.number, one.code, one.excerpt) for one in seen.tries] == [
        (number, 500, "we are sorry") for number in range(1, ATTEMPTS_MAX + 1)
    ]
    assert seen.tries[0].took_ms is not None


@pytest.mark.parametrize("status", [301, 400, 404, 429, 503])
def test_every_answer_but_410_may_pass(status: int, make_hook: MakeHook) -> None:
    hook = make_hook(funded_alice(), behaviour=answering(status))
    row = _test(hook)
    _deliver(hook)
    row.refresh_from_db()
    assert (row.status, row.failed, hook.row.switched_off) == ("waiting", 1, "")
    assert hook.row.channel.failing_since is not None


def test_a_redirect_is_not_followed_and_no_answer_is_tried_again(
    make_hook: MakeHook, serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    canary = serve(answering())
    hook = make_hook(funded_alice(), behaviour=redirecting(canary.url()))
    _test(hook)
    _deliver(hook)
    assert canary.connections == 0
    assert Delivery.objects.get().problem == "Answered 302; redirects aren't followed."
    slow = make_hook(make_bob(), behaviour=silent)
    Channel.objects.filter(pk=slow.row.channel_id).update(timeout_s=0.2)
    row = _test(slow)
    _deliver(slow)
    row.refresh_from_db()
    assert (row.status, row.problem) == ("waiting", "No answer within 0.2 s.")


def test_410_switches_it_off_and_its_owner_is_told_elsewhere(make_hook: MakeHook) -> None:
    alice = funded_alice()
    hook = make_hook(alice, "market.opened", behaviour=answering(410))
    row = _test(hook)
    waiting = _test(hook)
    _deliver(hook)
    row.refresh_from_db()
    waiting.refresh_from_db()
    assert (row.status, waiting.status, hook.row.switched_off) == ("dead", "waiting", "gone")
    assert not hook.row.channel.is_enabled
    notice = Notification.objects.get(user=alice)
    assert (notice.kind, notice.title) == ("webhook", f"Your webhook {hook.id} was switched off")
    assert Delivery.objects.get(channel__name="email").recipient == "alice@example.org"
    live_market()
    assert queue_events() == 0
    with pytest.raises(WebhookOff):
        _test(hook)


def test_after_three_days_without_a_success_it_is_switched_off_and_goes_on_when_it_is_on_again(
    make_hook: MakeHook,
) -> None:
    with time_machine.travel(T0, tick=False) as now:
        alice = funded_alice()
        hook = make_hook(alice, "market.opened", behaviour=answering(500))
        row = _test(hook)
        _deliver(hook)
        now.shift(timedelta(days=3, seconds=-1))
        assert watch_endpoints() == 0
        now.shift(2)
        assert (watch_endpoints(), watch_endpoints()) == (1, 0)
        assert hook.row.switched_off == "failing"
        assert Notification.objects.get(user=alice).text == "No message got through for three days."
        update_endpoint(user_id=alice.pk, endpoint_id=hook.id, changes={"is_enabled": True})
        again = endpoint_of(alice.pk, hook.id)
        assert (again.is_enabled, again.failing_since, again.waiting) == (True, None, 1)
        _deliver(hook)
    row.refresh_from_db()
    assert (row.status, row.failed) == ("waiting", 2)


def test_one_success_ends_the_count(make_hook: MakeHook) -> None:
    hook = make_hook(funded_alice())
    Channel.objects.filter(pk=hook.row.channel_id).update(failures=4, failing_since=T0, problem="Answered 500.")
    _test(hook)
    _deliver(hook)
    channel = hook.row.channel
    assert (channel.failures, channel.failing_since, channel.problem) == (0, None, "")


def test_too_much_that_waits_or_a_suspended_owner_switches_off(
    make_hook: MakeHook, monkeypatch: pytest.MonkeyPatch
) -> None:
    alice, bob = funded_alice(), make_bob()
    hook, others = make_hook(alice), make_hook(bob)
    _test(hook)
    monkeypatch.setattr(switch_off, "WAITING_MAX", 0)
    bob.is_active = False
    bob.save()
    assert watch_endpoints() == 2
    assert (hook.row.switched_off, others.row.switched_off) == ("backlog", "suspended")


def test_while_a_secret_is_changed_both_sign_and_then_the_new_one_alone(make_hook: MakeHook) -> None:
    alice = funded_alice()
    with time_machine.travel(datetime.now(UTC), tick=False) as now:
        hook = make_hook(alice, "market.opened")
        fresh = rotate_secret(user_id=alice.pk, endpoint_id=hook.id, overlap_s=60)
        _test(hook)
        _deliver(hook)
        now.shift(61)
        _test(hook)
        _deliver(hook)
    both, alone = ((r.partition(b"\r\n\r\n")[2], hook.headers(n)) for n, r in enumerate(hook.server.requests))
    for secret in (hook.secret, fresh):
        assert Webhook(secret).verify(*both)
    with time_machine.travel(datetime.now(UTC) + timedelta(seconds=61), tick=False):
        assert Webhook(fresh).verify(*alone)
        with pytest.raises(WebhookVerificationError):
            Webhook(hook.secret).verify(*alone)


def test_nothing_of_address_and_secret_is_kept_in_plain_or_shown(make_hook: MakeHook, serve: Serve) -> None:
    alice, server = funded_alice(), serve(answering())
    made = create_endpoint(user_id=alice.pk, url=server.url(SECRET_PATH), events=["*"])
    channel = WebhookEndpoint.objects.get(pk=made.id).channel
    stored = f"{channel.sealed} {channel.shown} {channel.name}"
    assert made.secret not in stored
    assert "token" not in stored + str(endpoint_of(alice.pk, made.id))


@pytest.mark.parametrize(
    "url",
    [
        "http://example.org/in", "https://127.0.0.1/in", "https://localhost/in", "https://169.254.169.254/latest",
        "https://example.org:25/in", "https://[::1]/",
        "https://user:pass@example.org/",  # not-a-secret
        "ftp://example.org/",
        "https://0x7f000001/", "https://10.0.0.8/", "https://db.internal/",
    ],
)  # fmt: skip
def test_addresses_that_lead_inward_or_are_not_https_are_refused(url: str) -> None:
    alice = funded_alice()
    with pytest.raises((OutgoingRefused, WebhookInvalid)) as refusal:
        create_endpoint(user_id=alice.pk, url=url, events=["*"])
    assert refusal.value.errors[0].pointer == "url"
    assert not WebhookEndpoint.objects.exists()
    assert not Channel.objects.filter(kind="endpoint").exists()


def test_a_name_that_turned_inward_is_never_connected_to(make_hook: MakeHook, serve: Serve) -> None:
    alice, canary = funded_alice(), serve(answering())
    made = create_endpoint(user_id=alice.pk, url="https://rebinding.example.org/", events=["market.opened"])
    hook = Hook(made.id, made.secret, canary)
    row = _test(hook)
    with pytest.MonkeyPatch.context() as patch:
        address = [(0, 0, 0, "", ("127.0.0.1", canary.port))]
        patch.setattr("common.outgoing.connecting.socket.getaddrinfo", lambda *args, **kwargs: address)
        _deliver(hook)
    row.refresh_from_db()
    assert row.problem.startswith("Not sent: rebinding.example.org leads to an address")
    assert canary.connections == 0


def test_what_was_given_up_goes_again_with_its_id(make_hook: MakeHook) -> None:
    alice = funded_alice()
    hook = make_hook(alice, "market.opened")
    row = _test(hook)
    Delivery.objects.filter(pk=row.pk).update(status="dead", ended_at=datetime.now(UTC), attempts=10, failed=10)
    assert replay_failed(user_id=alice.pk, endpoint_id=hook.id, since=datetime.now(UTC)) == 0
    assert replay_failed(user_id=alice.pk, endpoint_id=hook.id) == 1
    _deliver(hook)
    row.refresh_from_db()
    assert (row.status, row.replays, row.attempts) == ("delivered", 1, 11)
    replay_one(user_id=alice.pk, endpoint_id=hook.id, delivery_id=row.pk)
    _deliver(hook)
    assert [hook.headers(number)["webhook-id"] for number in (0, 1)] == [f"msg_{row.key}"] * 2


def test_what_happened_while_it_was_off_is_read_from_the_journals(make_hook: MakeHook) -> None:
    alice = funded_alice()
    hook = make_hook(alice, "market.opened", "order.placed")
    before = live_market()
    work()
    began = datetime.now(UTC)
    update_endpoint(user_id=alice.pk, endpoint_id=hook.id, changes={"is_enabled": False})
    missed = live_market()
    for _ in range(3):
        place(alice, before, "buy", 0, price=0.1, shares=1)
    update_endpoint(user_id=alice.pk, endpoint_id=hook.id, changes={"is_enabled": True})
    assert work() == 0
    assert replay_since(user_id=alice.pk, endpoint_id=hook.id, since=began) == 2
    assert endpoint_of(alice.pk, hook.id).replaying == 2
    assert (queue_replays(), queue_replays()) == (4, 0)
    work()
    work()
    told = [(body["type"], body["data"]["market_id"]) for body in hook.bodies()]
    assert sorted(told) == sorted(
        [("market.opened", before.pk), ("market.opened", missed.pk), *[("order.placed", before.pk)] * 3]
    )
    # Only what was missed goes again; with is_whole everything since then does.
    replay_since(user_id=alice.pk, endpoint_id=hook.id, since=began)
    queue_replays()
    assert not Delivery.objects.filter(status="waiting").exists()
    replay_since(user_id=alice.pk, endpoint_id=hook.id, since=began, is_whole=True)
    queue_replays()
    assert Delivery.objects.filter(status="waiting").count() == 4
    assert not WebhookReplay.objects.exists()


def test_a_replay_is_of_the_last_days(make_hook: MakeHook) -> None:
    hook = make_hook(alice := funded_alice())
    for since in (datetime.now(UTC) - timedelta(days=31), datetime.now(UTC) + timedelta(minutes=1)):
        with pytest.raises(WebhookInvalid):
            replay_since(user_id=alice.pk, endpoint_id=hook.id, since=since)


def test_another_person_finds_nothing(make_hook: MakeHook) -> None:
    hook, bob = make_hook(funded_alice()), make_bob().pk
    row = _test(hook)
    for act in (
        lambda: update_endpoint(user_id=bob, endpoint_id=hook.id, changes={"is_enabled": False}),
        lambda: delete_endpoint(user_id=bob, endpoint_id=hook.id),
        lambda: rotate_secret(user_id=bob, endpoint_id=hook.id),
        lambda: replay_one(user_id=bob, endpoint_id=hook.id, delivery_id=row.pk),
        lambda: send_test_event(user_id=bob, endpoint_id=hook.id),
        lambda: endpoint_of(bob, hook.id),
    ):
        with pytest.raises(WebhookNotFound):
            act()
    assert endpoint_of(make_hook_owner := hook.row.user_id, hook.id).is_enabled, make_hook_owner


def test_operators_see_nothing_of_it(make_hook: MakeHook) -> None:
    hook = make_hook(funded_alice())
    _test(hook)
    name = hook.row.channel.name
    assert name not in {row.name for row in all_channels()}
    assert recent_deliveries() == []
    assert outbox_state().waiting == 0
    assert queue_message(key="k", channel=name, content=MessageContent("x")) is None


def test_pages_of_deliveries_survive_new_ones(make_hook: MakeHook) -> None:
    hook = make_hook(funded_alice(), "market.opened")
    rows = [_test(hook).pk for _ in range(5)]
    channel_id = hook.row.channel_id
    first = event_deliveries(channel_id, limit=2)
    _test(hook)
    second = event_deliveries(channel_id, limit=2, cursor=first.next_cursor or "")
    assert [row.id for row in (*first.items, *second.items)] == rows[:0:-1]
    assert [row.id for row in event_deliveries(channel_id, status="delivered").items] == []
    assert len(event_deliveries(channel_id, event="market.opened").items) == 6
    with pytest.raises(CursorInvalid):
        event_deliveries(channel_id, cursor="nonsense")


def test_deleted_with_what_waits(make_hook: MakeHook) -> None:
    hook = make_hook(alice := funded_alice())
    _test(hook)
    delete_endpoint(user_id=alice.pk, endpoint_id=hook.id)
    assert (Delivery.objects.count(), Channel.objects.filter(kind="endpoint").count()) == (0, 0)


def test_ten_endpoints_are_enough(make_hook: MakeHook) -> None:
    alice = funded_alice()
    for _ in range(10):
        create_endpoint(user_id=alice.pk, url="https://example.org/in", events=["*"])
    with pytest.raises(WebhookInvalid):
        create_endpoint(user_id=alice.pk, url="https://example.org/in", events=["*"])
    assert WebhookEndpoint.objects.count() == 10


@pytest.mark.parametrize("events", [[], ["order.nonsense"], ["order"], [".*"]])
def test_events_that_do_not_exist_are_refused(events: list[str]) -> None:
    with pytest.raises(WebhookInvalid) as refusal:
        create_endpoint(user_id=funded_alice().pk, url="https://example.org/in", events=events)
    assert refusal.value.errors[0].pointer == "events"
