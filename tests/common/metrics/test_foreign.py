import os
import warnings

import pytest
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from common.metrics.foreign import bridge, gauges_of
from common.metrics.registry import LABEL_SETS_MAX, Registry


@pytest.fixture
def source() -> CollectorRegistry:
    return CollectorRegistry()


@pytest.fixture
def target() -> Registry:
    return Registry()


def values(target: Registry, name: str) -> dict[tuple[str, ...], float]:
    return {labels: child.value for labels, child in target.metrics[name].children.items()}


def test_only_what_was_added_since_the_last_sample_is_carried(source: CollectorRegistry, target: Registry) -> None:
    sends = Counter("mails_sent", "Mails.", ["host", "kind"], registry=source)
    sends.labels("a", "news").inc(2)
    bridge(source, target)
    target.measure()
    sends.labels("a", "news").inc()
    target.measure()
    target.measure()
    assert values(target, "mails_sent_total") == {("a", "news"): 3.0}
    assert target.metrics["mails_sent_total"].labels == ("host", "kind")
    assert target.metrics["mails_sent_total"].help_text == "Mails."


def test_gauges_lose_the_ending_of_counters(source: CollectorRegistry, target: Registry) -> None:
    Gauge("rows_waiting_total", "Rows.", registry=source).set(4)
    bridge(source, target)
    target.measure()
    assert values(target, "rows_waiting") == {(): 4.0}
    assert target.metrics["rows_waiting"].merge == "max"


def test_a_histogram_comes_as_its_sum_and_number(source: CollectorRegistry, target: Registry) -> None:
    times = Histogram("wait_seconds", "Waits.", registry=source)
    times.observe(0.5)
    times.observe(2.0)
    bridge(source, target)
    target.measure()
    assert values(target, "wait_seconds_sum_total") == {(): 2.5}
    assert values(target, "wait_seconds_observed_total") == {(): 2.0}
    assert set(target.metrics) == {"wait_seconds_sum_total", "wait_seconds_observed_total"}


def test_our_own_metric_of_a_name_is_left_alone(source: CollectorRegistry, target: Registry) -> None:
    target.counter("mails_total", "Ours.").of().add(1)
    Counter("mails", "Theirs.", ["host"], registry=source).labels("a").inc(5)
    Gauge("process_threads", "Theirs.", registry=source).set(3)
    # A counter and a gauge of one name can't both be shown.
    target.gauge("rows", "Ours.")
    Counter("rows", "Theirs.", registry=source).inc()
    bridge(source, target)
    target.measure()
    assert values(target, "mails_total") == {(): 1.0}
    assert set(target.metrics) == {"mails_total", "rows"}


def test_the_budget_of_labels_holds_for_foreign_ones_too(source: CollectorRegistry, target: Registry) -> None:
    users = Counter("seen", "Seen.", ["user"], registry=source)
    for number in range(LABEL_SETS_MAX + 5):
        users.labels(str(number)).inc()
    bridge(source, target)
    target.measure()
    found = values(target, "seen_total")
    assert (len(found), found[("other",)], sum(found.values())) == (LABEL_SETS_MAX + 1, 5.0, LABEL_SETS_MAX + 5)


def test_gauges_for_a_frame_of_the_whole_site(source: CollectorRegistry) -> None:
    gauge = Gauge("django_migrations_unapplied_total", "Migrations.", ["connection"], registry=source)
    gauge.labels("default").set(2)
    assert gauges_of(gauge) == {'django_migrations_unapplied{connection="default"}': 2.0}


def test_asking_twice_carries_nothing_twice(source: CollectorRegistry, target: Registry) -> None:
    sends = Counter("mails", "Mails.", registry=source)
    bridge(source, target)
    bridge(source, target)
    sends.inc()
    target.measure()
    assert values(target, "mails_total") == {(): 1.0}


def test_a_forked_child_leaves_the_count_so_far_to_its_parent(source: CollectorRegistry, target: Registry) -> None:
    sends = Counter("mails", "Mails.", registry=source)
    bridge(source, target)
    sends.inc(5)
    reader, writer = os.pipe()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        child = os.fork()
    if child == 0:
        sends.inc(2)
        target.measure()
        os.write(writer, str(target.metrics["mails_total"].of().value).encode())
        os._exit(0)
    os.waitpid(child, 0)
    assert os.read(reader, 100) == b"2.0"
    target.measure()
    assert values(target, "mails_total") == {(): 5.0}
