"""What browsers say they did: loading a page, asking, hearing a frame; as spans beside ours.

Contract   Only while traces are collected (otherwise nobody is here: 404), only of traces that are kept, only kinds
           and names that we know, so that what anybody sends stays few names and no values. Ages, not times, since a
           browser's clock may be wrong. Answered with 204 whatever was taken; a span is never worth an error.
Bound      SPANS_MAX of a request, SPANS_PER_SECOND of a process; BODY_MAX bytes.
"""

import re
import time
from typing import Any, Final

import orjson
from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, resolve
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from common.logs.budget import Budget
from common.request_context import RequestContext
from common.route_names import template
from common.tracing import Kind, trace_step, tracing

SPANS_MAX: Final = 50
SPANS_PER_SECOND: Final = 500
BODY_MAX: Final = 32 * 1024
AGE_MAX_MS: Final = 600_000.0
_TRACE: Final = re.compile(r"[0-9a-f]{32}", re.ASCII)
_SPAN: Final = re.compile(r"[0-9a-f]{16}", re.ASCII)
_FRAME: Final = re.compile(r"[a-z]{1,16}(?:\.[a-z]{1,16})?", re.ASCII)
_METHODS: Final = ("GET", "POST", "PUT", "PATCH", "DELETE")
_budget: Final = Budget(SPANS_PER_SECOND)


# Nothing of anybody's is read or changed, the session isn't looked at, and visitors' pages have no token.
@csrf_exempt  # nosemgrep: csrf-exempt
@require_POST
def traces(request: HttpRequest) -> HttpResponse:
    if not tracing.is_on:
        return HttpResponse(status=404)
    for span in _spans(request)[:SPANS_MAX]:
        if _budget.admits(time.time()):
            _take(span)
    return HttpResponse(status=204)


def _spans(request: HttpRequest) -> list[Any]:
    if len(request.body) > BODY_MAX:
        return []
    try:
        body = orjson.loads(request.body)
    except orjson.JSONDecodeError:
        return []
    spans = body.get("spans") if isinstance(body, dict) else None
    return spans if isinstance(spans, list) else []


def _take(span: Any) -> None:
    if not isinstance(span, dict):
        return
    context, name = _context(span), _name(span.get("kind"), span.get("name"))
    ms, ago_ms = _age(span.get("ms")), _age(span.get("ago_ms"))
    if context is not None and name and ms is not None and ago_ms is not None:
        trace_step(context, name, Kind.CLIENT, ms / 1e3, ago_s=ago_ms / 1e3, opinion_market__side="browser")


def _context(span: dict[str, Any]) -> RequestContext | None:
    trace_id, span_id, parent_id = (span.get(name) for name in ("trace_id", "span_id", "parent_id"))
    if not (_is(trace_id, _TRACE) and _is(span_id, _SPAN) and (parent_id == "" or _is(parent_id, _SPAN))):
        return None
    context = RequestContext()
    context.trace_id, context.span_id, context.parent_id = str(trace_id), str(span_id), str(parent_id)
    return context


def _is(value: Any, form: re.Pattern[str]) -> bool:
    """Ids of zeros are none."""
    return isinstance(value, str) and form.fullmatch(value) is not None and bool(value.strip("0"))


def _name(kind: Any, name: Any) -> str:
    if not isinstance(name, str):
        return ""
    if kind == "hear":
        return f"hear {name}" if _FRAME.fullmatch(name) else ""
    if kind == "load":
        return f"load {route}" if (route := _route(name)) else ""
    method, _, path = name.partition(" ")
    return f"ask {method} {route}" if kind == "ask" and method in _METHODS and (route := _route(path)) else ""


def _route(path: str) -> str:
    """The route's template, never the address."""
    try:
        return template(resolve(path).route)
    except Resolver404:
        return ""


def _age(value: Any) -> float | None:
    return float(value) if type(value) in (int, float) and 0 <= value <= AGE_MAX_MS else None
