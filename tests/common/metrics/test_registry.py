import threading

import pytest

from common.metrics.keys import key, parsed
from common.metrics.registry import LABEL_SETS_MAX, OTHER, Registry


def test_threads_lose_no_count() -> None:
    counter = Registry().counter("things_total", "Things.", ["kind"])
    threads = [
        threading.Thread(target=lambda: [counter.of("a").add() for _ in range(5_000)] and None) for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert counter.of("a").value == 20_000


def test_further_label_sets_share_one() -> None:
    counter = Registry().counter("things_total", "Things.", ["kind"])
    for number in range(LABEL_SETS_MAX + 50):
        counter.of(str(number)).add()
    assert len(counter.children) == LABEL_SETS_MAX + 1
    assert counter.of(OTHER).value == 50


def test_a_name_is_one_metric() -> None:
    registry = Registry()
    assert registry.gauge("level", "A level.") is registry.gauge("level", "A level.")
    with pytest.raises(AssertionError, match="made twice"):
        registry.sketch("level", "A level.")


def test_a_sketch_that_was_not_published_comes_back() -> None:
    times = Registry().sketch("work_seconds", "Work.").of()
    times.record(1.0)
    drained = times.drain()
    times.record(2.0)
    times.give_back(drained)
    assert times.drain().count == 2
    assert times.drain().count == 0


def test_keys_are_read_back() -> None:
    labels = {"route": 'a "quoted" \\ name\n', "method": "GET"}
    text = key("http_requests_total", labels)
    assert parsed(text) == ("http_requests_total", tuple(sorted(labels.items())))
    assert parsed(key("plain", {})) == ("plain", ())


def test_a_counter_and_a_gauge_of_one_name_are_refused() -> None:
    registry = Registry()
    registry.counter("rows_total", "Rows.")
    with pytest.raises(AssertionError, match="rows and rows_total would be one name"):
        registry.gauge("rows", "Rows.")
    assert set(registry.metrics) == {"rows_total"}
