"""The outermost layers of every request: its ids and measurements, and headers that every answer carries."""

from collections.abc import Callable
from functools import partial
from time import perf_counter
from typing import Any

from django.http import HttpRequest, HttpResponseBase

from common.logs.request_secrets import request_secrets
from common.metrics.registry import registry
from common.request_context import RequestContext, current
from common.request_log import RequestLog, user_of

GetResponse = Callable[[HttpRequest], HttpResponseBase]
_in_progress = registry.gauge("http_requests_in_progress", "Requests that are being answered.").of()


class RequestMiddleware:
    """``request.request_id``, ids and time in the answer's headers, the line and the measurements, in one layer.

    Outermost, so that it sees what every other layer answers. A streamed answer ends when its body was sent.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response
        self.log = RequestLog()

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        began, meta = perf_counter(), request.META
        context = RequestContext(
            meta.get("HTTP_X_REQUEST_ID", ""), meta.get("HTTP_TRACEPARENT", ""), meta.get("HTTP_TRACESTATE", "")
        )
        context.secrets = partial(request_secrets, request)
        request.request_id = context.request_id  # type: ignore[attr-defined]
        current.set(context)
        _in_progress.add(1)
        response = self.get_response(request)
        context.user_id = user_of(request)
        seconds = perf_counter() - began
        _tell(response, context, seconds)
        if response.streaming:
            # Private, but the only door that opens when the server has sent the last piece.
            closers: list[Callable[[], Any]] = response._resource_closers  # type: ignore[attr-defined]
            closers.append(partial(self._end, request, response, context, began))
        else:
            self._end(request, response, context, began)
        return response

    def _end(self, request: HttpRequest, response: HttpResponseBase, context: RequestContext, began: float) -> None:
        _in_progress.add(-1)
        self.log.finish(request, response, context, perf_counter() - began)
        # The context and the request would keep each other alive until the collector looks.
        context.secrets = None
        current.set(None)


def _tell(response: HttpResponseBase, context: RequestContext, seconds: float) -> None:
    timing = f"total;dur={seconds * 1e3:.1f}"
    if context.user_id is not None:
        # Whether a name exists shows in the number of statements, so strangers aren't told.
        timing += f', db;dur={context.db_s * 1e3:.1f};desc="{context.db_count} statements"'
    # Past the checks of each name and value, which cost as much as all the rest here; these are plain ASCII.
    headers: dict[str, tuple[str, str]] = response.headers._store
    headers["x-request-id"] = ("X-Request-ID", context.request_id)
    headers["traceparent"] = ("traceparent", context.traceparent)
    headers["server-timing"] = ("Server-Timing", timing)
