"""What is said of each request when it ends: one line, its measurements, its headers.

Contract   A line has the template of its route, never the address, which may hold names or links that sign in. Failures
           (5xx) and slow requests are always written; of successes a share (``LOG_SAMPLE_RATE``), and of successes and
           of refusals (4xx) at most ``LOG_REQUESTS_PER_SECOND`` each, in each process. What was left out is counted in
           ``skipped`` of the next line. Measurements count every request.
Bound      A dictionary and a few additions; rendering and writing happen in the writer's thread.
"""

import logging
import random
import sys
import time
from typing import Any, Final

from django.conf import settings
from django.core.signals import got_request_exception
from django.http import HttpRequest, HttpResponseBase

from common.logs.budget import Budget
from common.logs.redaction import clean_text
from common.logs.writer import writer
from common.metrics.registry import Count, Distribution, registry
from common.request_context import RequestContext, current
from common.route_names import route_name
from common.statements import short_statement
from common.tracing import Kind, trace_work, tracing

LOGGER: Final = "request"
#: So often may a request send the same statement until that is counted as one query for each of many things.
REPEATS_MIN: Final = 10
_METHODS: Final = {name: name for name in ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")}
#: Every route by a few methods and statuses; of what is beyond that the status still tells failures apart.
_LABEL_SETS_MAX: Final = 2_000
_requests = registry.counter(
    "http_requests_total",
    "Requests answered.",
    ("method", "route", "status"),
    kept=("status",),
    sets_max=_LABEL_SETS_MAX,
)
_seconds = registry.sketch("http_request_seconds", "Time to answer a request.", ("method", "route"))
_slow = registry.counter("http_slow_requests_total", "Requests over SLOW_REQUEST_THRESHOLD.", ("method", "route"))
_repeated = registry.counter(
    "repeated_statements_total", "Statements that one request sent over and over.", ("method", "route", "statement")
)
_repeating = registry.counter(
    "repeating_requests_total", "Requests that sent one statement over and over.", ("method", "route", "statement")
)
_errors = registry.counter("http_errors_total", "Requests refused or failed, by code or exception.", ("type",))


class RequestLog:
    """Made once, with the middleware."""

    def __init__(self) -> None:
        self.is_metered: bool = settings.METRICS_ENABLED
        self._slow_s: float = settings.SLOW_REQUEST_THRESHOLD
        self._share: float = settings.LOG_SAMPLE_RATE
        self._successes = Budget(settings.LOG_REQUESTS_PER_SECOND)
        self._refusals = Budget(settings.LOG_REQUESTS_PER_SECOND)
        self._level = logging.getLogger(LOGGER).getEffectiveLevel()
        self._meters: dict[tuple[str, str, int], tuple[Count, Distribution]] = {}

    def finish(self, request: HttpRequest, response: HttpResponseBase, context: RequestContext, seconds: float) -> None:
        """Measure and, if it is to be, write the line."""
        method = _METHODS.get(request.method or "", "OTHER")
        route, status = route_name(request), response.status_code
        is_slow = seconds >= self._slow_s
        if tracing.is_on:
            _trace(context, method, route, status, seconds)
        if self.is_metered:
            self._count(method, route, status, seconds)
            if context.db_count >= REPEATS_MIN:
                _count_repeats(method, route, context)
            if is_slow:
                _slow.of(method, route).add()
            if status >= 400:
                _errors.of(context.code or context.error or f"http_{status}").add()
        if status >= 500 or is_slow:
            self._write_at_once(request, response, _fields(context, method, route, status, seconds), is_slow=is_slow)
            return
        now = time.time()
        budget = self._successes if status < 400 else self._refusals
        if self._level <= logging.INFO and self._is_chosen(status) and budget.admits(now):
            fields = _fields(context, method, route, status, seconds)
            fields["timestamp"] = now
            fields["bytes"] = _bytes_of(response)
            if budget.skipped:
                fields["skipped"], budget.skipped = budget.skipped, 0
            writer.put((logging.INFO, fields))

    def _is_chosen(self, status: int) -> bool:
        return status >= 400 or self._share >= 1.0 or random.random() < self._share

    def _count(self, method: str, route: str, status: int, seconds: float) -> None:
        meters = self._meters.get((method, route, status))
        if meters is None:
            meters = (_requests.of(method, route, str(status)), _seconds.of(method, route))
            self._meters[method, route, status] = meters
        meters[0].add()
        meters[1].record(seconds)

    def _write_at_once(
        self, request: HttpRequest, response: HttpResponseBase, fields: dict[str, Any], *, is_slow: bool
    ) -> None:
        is_failure = fields["status"] >= 500
        level = logging.ERROR if is_failure else logging.WARNING
        fields |= {"level": logging.getLevelName(level).lower(), "bytes": _bytes_of(response)}
        fields["path"] = clean_text(request.path)
        if is_slow:
            # Where the time went: in the database, at most this long in one go, and in everything else.
            fields["event"] = "slow_request"
            fields["other_ms"] = round(fields["ms"] - fields["db_ms"], 3)
        (writer.put_now if is_failure else writer.put)((level, fields))


def _trace(context: RequestContext, method: str, route: str, status: int, seconds: float) -> None:
    facts = {"http__request__method": method, "http__route": route, "http__response__status_code": status}
    problem = context.code or context.error
    trace_work(
        context, f"{method} {route}", Kind.SERVER, seconds, is_failed=status >= 500, **facts, error__type=problem
    )


def _fields(context: RequestContext, method: str, route: str, status: int, seconds: float) -> dict[str, Any]:
    fields = {
        "timestamp": time.time(),
        "level": "info",
        "logger": LOGGER,
        "event": "request",
        "method": method,
        "route": route,
        "status": status,
        "ms": round(seconds * 1e3, 3),
        "db_ms": round(context.db_s * 1e3, 3),
        "db_count": context.db_count,
        "db_slowest_ms": round(context.db_slowest_s * 1e3, 3),
        "cache_hits": context.cache_hits,
        "cache_misses": context.cache_misses,
        "user_id": context.user_id,
        "request_id": context.request_id,
        "trace_id": context.trace_id,
        "span_id": context.span_id,
    }
    if context.parent_id:
        fields["parent_id"] = context.parent_id
    if context.code or context.error:
        fields["error"] = context.code or context.error
    return fields


def _count_repeats(method: str, route: str, context: RequestContext) -> None:
    text, times = max((context.statements or {"": 0}).items(), key=lambda pair: pair[1])
    if times >= REPEATS_MIN:
        labels = (method, route, short_statement(str(text)))
        _repeated.of(*labels).add(times)
        _repeating.of(*labels).add()


def _bytes_of(response: HttpResponseBase) -> int | None:
    """Length of the answer's body; unknown when it was streamed."""
    return None if response.streaming else len(response.content)  # type: ignore[attr-defined]


def user_of(request: HttpRequest) -> int | None:
    """Who asked, if somebody has looked already; looking would read the session of every request."""
    caller = getattr(request, "api_caller", None)
    if caller is not None:
        return int(caller.user_id)
    found: int | None = getattr(getattr(request, "_cached_user", None), "pk", None)
    return found


def _note_failure(sender: object, **_: Any) -> None:
    """Django tells of every exception that becomes a 500, while it is being handled."""
    context = current.get()
    if context is not None:
        context.error = type(sys.exception()).__name__


got_request_exception.connect(_note_failure, dispatch_uid="request_log")
