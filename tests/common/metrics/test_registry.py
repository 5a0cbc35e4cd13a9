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


def test_a_label_with_few_values_is_kept_when_the_sets_run_out() -> None:
    answers = Registry().counter("answers_total", "Answers.", ["route", "status"], kept=["status"], sets_max=2)
    for route, status in (("/a", "200"), ("/b", "200"), ("/c", "200"), ("/d", "500"), ("/e", "200")):
        answers.of(route, status).add()
    assert {values: child.value for values, child in answers.children.items()} == {
        ("/a", "200"): 1,
        ("/b", "200"): 1,
        (OTHER, "200"): 2,
        (OTHER, "500"): 1,
    }


def test_a_measurement_that_fails_ends_no_other(caplog: pytest.LogCaptureFixture) -> None:
    registry = Registry()
    level = registry.gauge("level", "A level.").of()

    def fail() -> None:
        raise RuntimeError("dictionary changed size during iteration")

    registry.before_sample(fail)
    registry.before_sample(lambda: level.set(3))
    registry.measure()
    registry.measure()
    assert level.value == 3
    assert [record.getMessage() for record in caplog.records] == [
        f"{__name__} could not be measured: RuntimeError('dictionary changed size during iteration')"
    ]


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
