import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerting.engine.alerts import Alerts, told
from alerting.engine.deduplication import Entry, Reason
from alerting.engine.dispatch import Channel, Delivery, Dispatcher, Log, LogKey, Routing
from alerting.engine.hours import hours
from alerting.engine.matchers import read_matchers
from alerting.engine.pipeline import Suppression
from alerting.engine.routing import Branch, routes_of
from alerting.engine.silences import Silence

ROOT = Branch("ops", group_by=("alertname",))
ROUTING = Routing(routes_of(ROOT), {"ops": (Channel("mail"),)})
FOREVER = 1e9


def flushed(one: Dispatcher, until: float) -> list[Delivery]:
    """Everything that is told up to a moment; every try arrives."""
    found: list[Delivery] = []
    while (at := one.next_at()) is not None and at <= until:
        for delivery in one.flush(at):
            one.sent(delivery, at)
            found.append(delivery)
    return found


def told_at(deliveries: list[Delivery]) -> list[tuple[float, Reason]]:
    return [(delivery.flushed_at, delivery.reason) for delivery in deliveries]


def fire(one: Dispatcher, at: float, ends_at: float = FOREVER, **labels: str) -> None:
    one.receive(told({"alertname": "CPU", **labels}, at, starts_at=at, ends_at=ends_at), at)


def test_the_documented_timers() -> None:
    one = Dispatcher(ROUTING, 0.0)
    fire(one, 0.0)
    # Waits 30 s, then looks each 5 min; the repeat after 4 h is found at the first look when they are over.
    assert told_at(flushed(one, 30_000.0)) == [
        (30.0, Reason.FIRST),
        (14_730.0, Reason.REPEAT),
        (29_430.0, Reason.REPEAT),
    ]


def test_a_new_alert_waits_for_the_next_flush() -> None:
    one = Dispatcher(ROUTING, 0.0)
    fire(one, 0.0)
    flushed(one, 30.0)
    fire(one, 31.0, process="web-1")
    assert told_at(flushed(one, 1000.0)) == [(330.0, Reason.NEW_ALERTS)]


def test_an_alert_that_ends_within_the_group_wait_is_never_told() -> None:
    one = Dispatcher(ROUTING, 0.0)
    fire(one, 0.0, ends_at=29.0)
    assert flushed(one, 1000.0) == []
    assert one.groups == {}


def test_an_alert_that_comes_and_goes_between_two_flushes_is_never_told() -> None:
    one = Dispatcher(ROUTING, 0.0)
    fire(one, 0.0)
    flushed(one, 30.0)
    fire(one, 40.0, ends_at=50.0, process="web-1")
    found = flushed(one, 1000.0)
    # The receiver hears that something resolved in a group it knows, as with Alertmanager.
    assert told_at(found) == [(330.0, Reason.SOME_RESOLVED)]


def test_an_old_alert_does_not_wait() -> None:
    one = Dispatcher(ROUTING, 100.0)
    one.receive(told({"alertname": "CPU"}, 100.0, starts_at=60.0, ends_at=FOREVER), 100.0)
    assert one.next_at() == 100.0


def test_firing_again_after_the_end_is_a_first_notification() -> None:
    one = Dispatcher(ROUTING, 0.0)
    fire(one, 0.0, ends_at=100.0)
    assert told_at(flushed(one, 400.0)) == [(30.0, Reason.FIRST), (330.0, Reason.ALL_RESOLVED)]
    assert one.groups == {}
    fire(one, 500.0)
    assert told_at(flushed(one, 600.0)) == [(530.0, Reason.FIRST)]


def test_what_was_not_delivered_stays_news() -> None:
    one = Dispatcher(ROUTING, 0.0)
    fire(one, 0.0, ends_at=320.0)
    assert [delivery.reason for delivery in one.flush(30.0)] == [Reason.FIRST]
    # Nobody was told, so its end is no news either.
    assert one.flush(330.0) == []
    fire(one, 400.0)
    delivery = one.flush(430.0)[0]
    one.sent(delivery, 431.0)
    one.receive(told({"alertname": "CPU"}, 500.0, starts_at=400.0, ends_at=500.0), 500.0)
    lost = one.flush(730.0)[0]
    assert (lost.reason, lost.deadline_at) == (Reason.ALL_RESOLVED, 1030.0)
    again = one.flush(1030.0)[0]
    assert (again.reason, again.alerts) == (Reason.ALL_RESOLVED, lost.alerts)
    assert again.id != lost.id
    one.sent(again, 1030.0)
    assert one.groups == {}


def test_an_alert_that_fires_again_during_the_delivery_of_its_end_is_kept() -> None:
    one = Dispatcher(ROUTING, 0.0)
    fire(one, 0.0, ends_at=100.0)
    flushed(one, 30.0)
    end = one.flush(330.0)[0]
    fire(one, 331.0)
    one.sent(end, 332.0)
    assert told_at(flushed(one, 700.0)) == [(630.0, Reason.FIRST)]


def test_silences_and_their_end() -> None:
    one = Dispatcher(ROUTING, 0.0)
    fire(one, 0.0)
    one.silences["s1"] = Silence("s1", read_matchers("alertname=CPU"), 0.0, 600.0, 0.0)
    alert = one.alerts.all()[0]
    assert one.suppressions(alert, 10.0) == [Suppression.SILENCE]
    assert told_at(flushed(one, 1000.0)) == [(630.0, Reason.FIRST)]


def test_a_muted_route_tells_when_the_hours_are_over() -> None:
    night = hours("night", clocks=[("00:00", "01:00")])
    root = Branch("none", branches=(Branch("ops", mute_hours=(night,)),))
    one = Dispatcher(Routing(routes_of(root), {"ops": (Channel("mail"),), "none": ()}), 0.0)
    fire(one, 0.0)
    assert told_at(flushed(one, 7200.0)) == [(3630.0, Reason.FIRST)]


def test_labels_of_any_language_route_and_group() -> None:
    root = Branch("none", branches=(Branch("ops", read_matchers("foo🙂=bar"), group_by=("foo🙂",)),))
    one = Dispatcher(Routing(routes_of(root), {"ops": (Channel("mail"),)}), 0.0)
    one.receive(told({"foo🙂": "bar", "Σ": "c"}, 0.0), 0.0)
    assert [delivery.key for delivery in flushed(one, 30.0)] == [('{}/{"foo🙂"="bar"}:{foo🙂="bar"}', "ops", "mail")]


@pytest.mark.parametrize("count", [1, 3])
def test_dispatchers_over_one_log_tell_once(count: int) -> None:
    alerts, log = Alerts(), dict[LogKey, Entry]()
    several = [Dispatcher(ROUTING, 0.0, alerts=alerts, log=log) for _ in range(count)]
    for one in several:
        fire(one, 0.0)
    assert sum(len(flushed(one, 1000.0)) for one in several) == 1


EVENTS = st.lists(
    st.tuples(st.floats(0, 2000), st.sampled_from(["a", "b", "c"]), st.one_of(st.just(0.0), st.floats(1, 600))),
    max_size=12,
)


@given(EVENTS, st.lists(st.booleans(), min_size=20, max_size=20))
def test_what_fires_long_enough_is_told_and_nothing_twice(
    events: list[tuple[float, str, float]], arrives: list[bool]
) -> None:
    log: Log = {}
    one = Dispatcher(ROUTING, 0.0, log=log)
    answers = iter(arrives)
    known: frozenset[object] = frozenset()
    for at, process, span_s in [*sorted(events), (4000.0, "", 0.0)]:
        while (due := one.next_at()) is not None and due <= at:
            for delivery in one.flush(due):
                assert delivery.reason is not Reason.NEW_ALERTS or not delivery.firing <= known
                if next(answers, True):
                    one.sent(delivery, due)
                    known = delivery.firing
        if process:
            fire(one, at, ends_at=at + span_s if span_s else FOREVER, process=process)
    firing = {alert.labels for alert in one.alerts.all() if not alert.is_resolved(4000.0)}
    if firing and next(answers, None) is None:
        assert firing <= set().union(*(entry.firing for entry in log.values()))
