"""One line, one measurement and one set of headers for each request, whatever becomes of it."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client, override_settings

from common import request_log
from common.body_limit import BODY_REFUSED
from common.metrics.registry import registry
from common.request_context import current
from tests.common.logs.conftest import Lines
from tests.factories.accounts import make_alice

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.common.logs.site")]
TRACE, SPAN = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"
IDS = {"X-Request-ID": "caller-0001", "traceparent": f"00-{TRACE}-{SPAN}-01"}


@pytest.fixture(autouse=True)
def _fresh_counters(monkeypatch: pytest.MonkeyPatch) -> None:
    """Other tests may have used up the label sets that a metric has."""
    for metric in (request_log._requests, request_log._seconds, request_log._slow, request_log._errors):
        monkeypatch.setattr(metric, "children", {})


@pytest.fixture
def site() -> Client:
    return Client(raise_request_exception=False)


def _counted(name: str, *labels: str) -> float:
    return float(registry.metrics[name].of(*labels).value)


def _of_request(lines: Lines) -> dict[str, Any]:
    [line] = lines("request")
    return line


def test_a_request_is_one_line_with_what_it_cost(site: Client, lines: Lines) -> None:
    answer = site.get("/fine/abc/?secret=canary", headers=IDS)
    line = _of_request(lines)
    assert line.pop("timestamp").endswith("Z")
    assert line.pop("ms") >= line.pop("db_ms") >= line.pop("db_slowest_ms") > 0
    assert line.pop("pid") > 0
    assert line == {
        "level": "info", "logger": "request", "event": "request", "method": "GET", "route": "/fine/{key}",
        "status": 200, "db_count": 1, "cache_hits": 0, "cache_misses": 0, "user_id": None, "request_id": "caller-0001",
        "trace_id": TRACE, "span_id": answer.headers["traceparent"][36:52], "parent_id": SPAN, "bytes": 4,
    }  # fmt: skip


def test_the_answer_says_its_ids_and_its_time(site: Client) -> None:
    headers = site.get("/fine/abc", headers=IDS).headers
    assert headers["X-Request-ID"] == "caller-0001"
    assert re.fullmatch(rf"00-{TRACE}-[0-9a-f]{{16}}-01", headers["traceparent"])
    assert SPAN not in headers["traceparent"]
    assert re.fullmatch(r"total;dur=\d+\.\d", headers["Server-Timing"])


def test_who_is_signed_in_is_told_about_the_database(site: Client, lines: Lines) -> None:
    alice = make_alice()
    site.force_login(alice)
    timing = site.get("/portfolio").headers["Server-Timing"]
    assert re.fullmatch(r'total;dur=[\d.]+, db;dur=[\d.]+;desc="\d+ statements"', timing)
    assert _of_request(lines)["user_id"] == alice.pk


def test_a_request_is_measured_by_its_route(site: Client) -> None:
    before = _counted("http_requests_total", "GET", "/fine/{key}", "200")
    registry.metrics["http_request_seconds"].of("GET", "/fine/{key}").drain()
    for key in ("abc", "def"):
        site.get(f"/fine/{key}")
    assert _counted("http_requests_total", "GET", "/fine/{key}", "200") - before == 2
    assert registry.metrics["http_request_seconds"].of("GET", "/fine/{key}").drain().count == 2
    assert _counted("http_requests_in_progress") == 0


@pytest.mark.parametrize(
    ("method", "path", "labels"),
    [
        ("GET", "/nothing/like/it", ("GET", "unmatched", "404")),
        ("GET", "/api/v1/nothing", ("GET", "unmatched", "404")),
        ("GET", "/api/else", ("GET", "unmatched", "404")),
        ("GET", "/static/css/nothing.css", ("GET", "/static/*", "404")),
        ("GET", "/admin/", ("GET", "/admin/*", "302")),
        ("BREW", "/fine/abc", ("OTHER", "/fine/{key}", "200")),
        ("POST", "/api/v1/markets/5/book", ("POST", "/api/v1/markets/{key}/book", "405")),
    ],
)
def test_names_of_measurements_are_few(site: Client, method: str, path: str, labels: tuple[str, ...]) -> None:
    before = _counted("http_requests_total", *labels)
    site.generic(method, path)
    assert _counted("http_requests_total", *labels) - before == 1


def test_a_failure_is_counted_and_written_at_once(site: Client, lines: Lines) -> None:
    before = _counted("http_errors_total", "ValueError")
    answer = site.post("/boom", headers=IDS)
    assert (answer.status_code, answer.headers["X-Request-ID"]) == (500, "caller-0001")
    assert _counted("http_errors_total", "ValueError") - before == 1
    failure, line = lines(name="error.log")
    assert (failure["logger"], failure["request_id"]) == ("django.request", "caller-0001")
    assert "ValueError" in failure["exception"]
    told = [line[name] for name in ("level", "event", "route", "status", "error", "path")]
    assert told == ["error", "request", "/boom", 500, "ValueError", "/boom"]
    assert current.get() is None


def test_a_refusal_has_its_code(site: Client, lines: Lines) -> None:
    before = _counted("http_errors_total", "request.refused")
    site.get("/refuse")
    line = _of_request(lines)
    assert (line["level"], line["status"], line["error"]) == ("info", 400, "request.refused")
    assert _counted("http_errors_total", "request.refused") - before == 1


@override_settings(SLOW_REQUEST_THRESHOLD=0.02)
def test_a_slow_request_is_a_warning_with_where_the_time_went(lines: Lines) -> None:
    before = _counted("http_slow_requests_total", "GET", "/slow")
    Client().get("/slow", headers=IDS)
    line = _of_request(lines)
    told = [line[name] for name in ("level", "event", "route", "request_id", "db_count")]
    assert told == ["warning", "slow_request", "/slow", "caller-0001", 0]
    assert line["other_ms"] == line["ms"] >= 30
    assert _counted("http_slow_requests_total", "GET", "/slow") - before == 1


def test_a_fast_one_is_not_slow(site: Client, lines: Lines) -> None:
    before = _counted("http_slow_requests_total", "GET", "/fine/{key}")
    site.get("/fine/abc")
    assert _of_request(lines)["event"] == "request"
    assert _counted("http_slow_requests_total", "GET", "/fine/{key}") == before


def test_a_streamed_answer_ends_with_its_body(site: Client, lines: Lines) -> None:
    answer = site.get("/stream", headers=IDS)
    assert (lines("request"), _counted("http_requests_in_progress")) == ([], 1)
    assert b"".join(answer.streaming_content) == b"caller-0001"
    answer.close()
    line = _of_request(lines)
    assert (line["db_count"], line["bytes"], line["request_id"]) == (1, None, "caller-0001")
    assert (current.get(), _counted("http_requests_in_progress")) == (None, 0)


@pytest.mark.redis
def test_reads_of_the_cache_are_counted(site: Client, lines: Lines) -> None:
    site.get("/cached")
    line = _of_request(lines)
    assert (line["cache_hits"], line["cache_misses"]) == (1, 1)


@override_settings(LOG_REQUESTS_PER_SECOND=2)
def test_more_successes_than_the_budget_are_counted_instead(lines: Lines, time_machine: Any) -> None:
    site = Client()
    time_machine.move_to(1_800_000_000, tick=False)
    for _ in range(5):
        site.get("/fine/abc")
    assert len(lines("request")) == 2
    time_machine.shift(1)
    site.get("/fine/abc")
    assert [line.get("skipped") for line in lines("request")] == [None, None, 3]


@override_settings(LOG_SAMPLE_RATE=0.0, SLOW_REQUEST_THRESHOLD=0.02)
@pytest.mark.parametrize(("path", "written"), [("/fine/abc", 0), ("/refuse", 1), ("/slow", 1), ("/boom", 1)])
def test_only_successes_are_sampled(lines: Lines, path: str, written: int) -> None:
    Client(raise_request_exception=False).post(path)
    assert len(lines("request")) == written


@override_settings(METRICS_ENABLED=False)
def test_without_measurements_there_are_still_lines_and_ids(lines: Lines) -> None:
    before = _counted("http_requests_total", "GET", "/fine/{key}", "200")
    answer = Client().get("/fine/abc", headers=IDS)
    assert answer.headers["X-Request-ID"] == _of_request(lines)["request_id"] == "caller-0001"
    assert _counted("http_requests_total", "GET", "/fine/{key}", "200") == before


def test_sessions_are_read_by_nobody_for_the_log(site: Client, django_assert_num_queries: Callable[..., Any]) -> None:
    site.force_login(make_alice())
    with django_assert_num_queries(1):
        answer = site.get("/fine/abc")
    assert "Cookie" not in answer.headers.get("Vary", "")


@pytest.mark.parametrize(("path", "route"), [("/fine/abc", "/fine/{key}"), ("/nowhere", "unmatched")])
def test_a_body_that_was_too_long_has_its_line_and_its_count(site: Client, lines: Lines, path: str, route: str) -> None:
    limit: Any = {BODY_REFUSED: 1024}
    answer = site.post(path, headers=IDS, **limit)
    line = _of_request(lines)
    assert (line["method"], line["route"], line["status"], line["error"]) == (
        "POST", route, 413, "request.body_too_large",
    )  # fmt: skip
    assert (line["request_id"], line["trace_id"], line["db_count"]) == ("caller-0001", TRACE, 0)
    assert _counted("http_requests_total", "POST", route, "413") == 1
    assert _counted("http_errors_total", "request.body_too_large") == 1
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json() == {
        "type": "/docs/errors/request.body_too_large", "title": "The request is too large.", "status": 413,
        "detail": "Send at most 1024 bytes.", "code": "request.body_too_large", "instance": path,
        "request_id": "caller-0001",
    }  # fmt: skip
    assert answer.headers["Content-Security-Policy"]
