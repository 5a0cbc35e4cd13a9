import pytest

from common.metrics.keys import key
from monitoring.engine.catalogue import CATALOGUE
from monitoring.engine.derive import RULES, derive
from monitoring.engine.frame_text import frame_of, text_of
from monitoring.types import Frame, Role, SeriesKey, Thresholds
from tests.monitoring.engine.frames import frame


def site(*frames: Frame, **options: object) -> dict[str, float | None]:
    values = derive(frames, **options)  # type: ignore[arg-type]
    return {series.name: value for series, value in values.items() if series.dimension == ""}


def requests(status: str, route: str = "/markets") -> str:
    return key("http_requests_total", {"method": "GET", "route": route, "status": status})


def times(route: str = "/markets") -> str:
    return key("http_request_seconds", {"method": "GET", "route": route})


def test_the_whole_site_has_exactly_the_series_of_the_catalogue() -> None:
    assert list(site()) == list(CATALOGUE) == [*RULES, "health_score"]


def test_nobody_there_is_unknown_never_zero() -> None:
    assert set(site().values()) == {None}
    assert site(frame(Role.BEAT))["throughput"] is None


def test_somebody_who_counted_nothing_is_zero() -> None:
    values = site(frame(Role.WEB), frame(Role.WORKER))
    assert values["frames_dropped"] == 0
    zero = ("throughput", "slow_requests", "orders", "trades", "volume", "tasks", "task_failures", "sockets")
    assert {name: values[name] for name in zero} == dict.fromkeys(zero, 0.0)
    unknown = ("response_time", "error_rate", "cache_hit_rate", "match_latency", "db_query_time", "task_time")
    assert {name: values[name] for name in unknown} == dict.fromkeys(unknown, None)


def test_requests_of_two_processes_become_one_site() -> None:
    one = frame(pid=1, counters={requests("200"): 6, requests("503"): 2}, times={times(): [0.010] * 8})
    two = frame(pid=2, counters={requests("200"): 8}, times={times(): [0.100] * 8})
    values = site(one, two)
    assert values["throughput"] == 16
    assert values["error_rate"] == 12.5
    assert values["response_time"] == pytest.approx(55)
    assert values["response_time_p50"] == pytest.approx(10, rel=0.01)
    assert values["response_time_p99"] == pytest.approx(100, rel=0.01)


def test_a_status_that_was_not_told_is_no_failure() -> None:
    assert site(frame(counters={requests("other"): 3, requests("200"): 1, requests("503"): 1}))["error_rate"] == 20


def test_each_route_and_process_has_its_own() -> None:
    told = frame(
        pid=7,
        counters={requests("200"): 3, requests("500", "/orders"): 1},
        times={times(): [0.02] * 3, times("/orders"): [0.5]},
        gauges={"process_resident_memory_bytes": 1e6},
    )
    values = derive([told])
    assert values[SeriesKey("throughput", "route:GET /markets")] == 3
    assert values[SeriesKey("error_rate", "route:GET /orders")] == 100
    assert values[SeriesKey("response_time", "route:GET /orders")] == pytest.approx(500)
    assert values[SeriesKey("process_memory", "process:web-one-7")] == 1e6
    assert SeriesKey("tasks", "process:web-one-7") not in values


def test_a_known_route_without_requests_is_zero_while_a_web_process_lives() -> None:
    quiet = SeriesKey("throughput", "route:GET /quiet")
    assert derive([frame()], routes=["GET /quiet"])[quiet] == 0
    assert SeriesKey("response_time", quiet.dimension) not in derive([frame()], routes=["GET /quiet"])
    assert quiet not in derive([frame(Role.WORKER)], routes=["GET /quiet"])


def test_a_frame_of_several_seconds_counts_by_the_second() -> None:
    late = frame(seconds=4.0, counters={requests("200"): 40, "db_queries_total": 20})
    assert site(late)["throughput"] == 10
    assert site(late)["db_queries"] == 5


def test_a_repeated_frame_changes_nothing() -> None:
    told = frame(counters={requests("200"): 5})
    assert site(told, told) == site(told)
    assert site(frame(number=2, counters={requests("200"): 9}), told)["throughput"] == 9


def test_processes_of_a_host_see_the_same_machine() -> None:
    machine = {"machine_cpu_ratio": 0.5, "machine_memory_ratio": 0.25, "machine_network_in_bytes": 100.0}
    other = {"machine_cpu_ratio": 0.1, "machine_memory_ratio": 0.75, "machine_network_in_bytes": 10.0}
    values = site(frame(pid=1, gauges=machine), frame(pid=2, gauges=machine), frame(pid=3, host="two", gauges=other))
    assert values["cpu_usage"] == pytest.approx(30)
    assert values["memory_usage"] == 75
    assert values["network_in"] == 110


def test_a_gauge_that_is_unknown_is_left_out() -> None:
    values = site(frame(gauges={"machine_cpu_pressure_ratio": None, "sockets_open": 3.0}), frame(pid=2))
    assert values["cpu_pressure"] is None
    assert values["sockets"] == 3


def test_the_exchange() -> None:
    counters = {
        key("orders_total", {"outcome": "accepted"}): 4.0,
        key("orders_total", {"outcome": "refused"}): 6.0,
        "trades_total": 3.0,
        "trade_volume_credits_total": 2.5,
    }
    told = frame(counters=counters, times={"match_seconds": [0.01] * 10, "batch_commands": [1, 9]})
    values = site(told, frame(Role.SITE, gauges={"ledger_check": 1.0, "settlement_lag_seconds": 0.0}))
    assert (values["orders"], values["trades"], values["volume"]) == (4, 3, 150)
    assert values["match_latency"] == pytest.approx(10, rel=0.01)
    assert (values["batch_size"], values["ledger_check"], values["settlement_lag"]) == (5, 1, 0)


def test_tasks_and_caches() -> None:
    worker = frame(
        Role.WORKER,
        counters={
            key("tasks_total", {"task": "a", "outcome": "ok"}): 3.0,
            key("tasks_total", {"task": "a", "outcome": "failed"}): 1.0,
        },
        gauges={"cache_recent_reads": 40.0, "cache_recent_hits": 34.0},
    )
    web = frame(gauges={"cache_recent_reads": 60.0, "cache_recent_hits": 36.0})
    values = site(worker, web)
    assert (values["tasks"], values["task_failures"], values["cache_hit_rate"]) == (4, 1, 70)


def test_a_handful_of_reads_is_no_hit_rate() -> None:
    few = frame(gauges={"cache_recent_reads": 19.0, "cache_recent_hits": 0.0})
    assert site(few)["cache_hit_rate"] is None
    assert site(frame(gauges={"cache_recent_reads": None, "cache_recent_hits": None}))["cache_hit_rate"] is None


def test_health_goes_by_the_given_thresholds() -> None:
    hot = frame(gauges={"machine_cpu_ratio": 0.72})
    assert site(frame(gauges={"machine_cpu_ratio": 0.5}))["health_score"] == 100
    assert site(hot)["health_score"] == pytest.approx(74.8)
    assert site(hot, thresholds={"cpu_usage": Thresholds(80, 90)})["health_score"] == 100


def test_a_frame_survives_as_text() -> None:
    told = frame(Role.WORKER, counters={requests("200"): 1}, times={times(): [0.1]}, gauges={"a": None})
    assert frame_of(text_of(told)) == told
    assert frame_of(text_of(told).replace(b"{", b'{"newer":1,', 1)) == told


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"process": "web"}', "null"])
def test_what_is_no_frame_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        frame_of(text)
