from collections.abc import Mapping

from prometheus_client.openmetrics.parser import text_string_to_metric_families as parsed_openmetrics
from prometheus_client.parser import text_string_to_metric_families as parsed

from monitoring.engine.exposition import Family, Process, Published, away, exposition

FAMILIES = {
    "http_requests_total": Family("http_requests_total", "counter", 'Requests,\nby "route" and \\.'),
    "http_request_seconds": Family("http_request_seconds", "histogram", "Time of requests."),
    "machine_memory_bytes": Family("machine_memory_bytes", "gauge", "Memory of the machine.", "max"),
    "process_threads": Family("process_threads", "gauge", "Threads."),
    "sockets_open": Family("sockets_open", "gauge", "Sockets."),
}
BOUNDS = ("0.01", "1.0", "10.0", "+Inf")


def histogram(route: str) -> dict[str, str]:
    rows = {f'http_request_seconds_bucket{{le="{le}",route="{route}"}}': str(n) for n, le in enumerate(BOUNDS, 1)}
    rows[f'http_request_seconds_sum{{route="{route}"}}'] = "2.5"
    rows[f'http_request_seconds_count{{route="{route}"}}'] = "4"
    return rows


def process(name: str, gauges: Mapping[str, float | None]) -> Process:
    return Process(name=name, role="web", host="h", started_at=100.5, gauges=gauges)


def rows(text: str) -> list[str]:
    itself = ("opinion_market_metrics_", "#")
    return [line for line in text.splitlines() if not line.startswith(itself)]


def test_a_counter_is_shown_as_it_was_pushed() -> None:
    totals = {'http_requests_total{method="GET",route="/m/{id}"}': "12", 'http_requests_total{method="POST"}': "3.5"}
    text = exposition(Published(FAMILIES, totals, []))
    assert rows(text) == [
        'opinion_market_http_requests_total{method="GET",route="/m/{id}"} 12',
        'opinion_market_http_requests_total{method="POST"} 3.5',
    ]
    assert r'# HELP opinion_market_http_requests_total Requests,\nby "route" and \\.' in text
    assert "# TYPE opinion_market_http_requests_total counter" in text
    assert text.endswith("\n")


def test_buckets_ascend_and_a_histogram_is_one_family() -> None:
    text = exposition(Published(FAMILIES, dict(reversed(histogram("/a").items())), []))
    assert rows(text) == [
        'opinion_market_http_request_seconds_bucket{le="0.01",route="/a"} 1',
        'opinion_market_http_request_seconds_bucket{le="1.0",route="/a"} 2',
        'opinion_market_http_request_seconds_bucket{le="10.0",route="/a"} 3',
        'opinion_market_http_request_seconds_bucket{le="+Inf",route="/a"} 4',
        'opinion_market_http_request_seconds_count{route="/a"} 4',
        'opinion_market_http_request_seconds_sum{route="/a"} 2.5',
    ]
    assert text.count("# TYPE opinion_market_http_request_seconds histogram") == 1


def test_gauges_become_one_unless_each_process_counts() -> None:
    one = process("web-h-1", {"sockets_open": 2.0, "machine_memory_bytes": 5.0, "process_threads": 8.0})
    two = process("web-h-2", {"sockets_open": 3.0, "machine_memory_bytes": 4.0, "process_threads": None})
    assert rows(exposition(Published(FAMILIES, {}, [one, two]))) == [
        "opinion_market_machine_memory_bytes 5.0",
        'opinion_market_process_info{host="h",process="web-h-1",role="web"} 1.0',
        'opinion_market_process_info{host="h",process="web-h-2",role="web"} 1.0',
        'opinion_market_process_start_time_seconds{process="web-h-1"} 100.5',
        'opinion_market_process_start_time_seconds{process="web-h-2"} 100.5',
        'opinion_market_process_threads{process="web-h-1"} 8.0',
        "opinion_market_sockets_open 5.0",
    ]


def test_a_gauge_that_nobody_knows_is_absent_not_zero() -> None:
    text = exposition(Published(FAMILIES, {}, [process("p", {"sockets_open": None})]))
    assert [line for line in rows(text) if "sockets_open" in line] == []


def test_what_is_over_the_bound_is_taken_from_the_largest_family_and_told() -> None:
    totals = histogram("/a") | histogram("/b") | histogram("/c") | {"http_requests_total": "1"}
    text = exposition(Published(FAMILIES, totals, []), series_max=15)
    found = rows(text)
    assert "opinion_market_http_requests_total 1" in found
    # With room for 13, two histograms of six rows fit; half of a third would be wrong.
    assert [line for line in found if 'route="/c"' in line] == []
    assert len([line for line in found if 'route="/b"' in line]) == 6
    assert "opinion_market_metrics_series 14\n" in text
    assert "opinion_market_metrics_series_dropped 6\n" in text


def test_a_name_that_nobody_explains_is_untyped() -> None:
    text = exposition(Published({}, {"odd_total": "1"}, []))
    assert "# TYPE opinion_market_odd_total untyped\nopinion_market_odd_total 1\n" in text


def test_openmetrics_has_its_own_heads_and_end() -> None:
    totals = {"http_requests_total": "1"} | histogram("/a")
    text = exposition(Published(FAMILIES, totals, []), is_openmetrics=True)
    assert "# TYPE opinion_market_http_requests counter\n" in text
    assert r"# HELP opinion_market_http_requests Requests,\nby \"route\" and \\." in text
    assert "# UNIT opinion_market_http_request_seconds seconds\n" in text
    assert text.endswith("\n# EOF\n")


def test_another_parser_reads_both_formats_alike() -> None:
    totals = {'http_requests_total{route="a\\"b\\\\c\\nd"}': "7"} | histogram("/a")
    published = Published(FAMILIES, totals, [process("p", {"sockets_open": 1.0})])
    plain = sorted(
        (s.name, sorted(s.labels.items()), s.value) for f in parsed(exposition(published)) for s in f.samples
    )
    text = exposition(published, is_openmetrics=True)
    assert plain == sorted(
        (s.name, sorted(s.labels.items()), s.value) for f in parsed_openmetrics(text) for s in f.samples
    )
    assert ("opinion_market_http_requests_total", [("route", 'a"b\\c\nd')], 7.0) in plain


def test_without_redis_one_row_says_so() -> None:
    assert away().endswith("\n# TYPE opinion_market_metrics_store_up gauge\nopinion_market_metrics_store_up 0\n")
    (family,) = parsed_openmetrics(away(is_openmetrics=True))
    assert [(s.name, s.value) for s in family.samples] == [("opinion_market_metrics_store_up", 0.0)]


def test_what_nobody_counted_yet_is_known_by_name() -> None:
    text = exposition(Published({"sockets_open": FAMILIES["sockets_open"]}, {}, []))
    assert "# HELP opinion_market_sockets_open Sockets.\n# TYPE opinion_market_sockets_open gauge\n" in text
    assert "\nopinion_market_sockets_open" not in text


def test_the_site_has_gauges_but_is_no_process() -> None:
    site = Process(name="site", role="site", host="h", started_at=1.0, gauges={"sockets_open": 1.0})
    assert rows(exposition(Published(FAMILIES, {}, [site]))) == ["opinion_market_sockets_open 1.0"]
