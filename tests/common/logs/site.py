"""Views that do what real ones must not: fail with secrets at hand, dawdle, stream."""

import logging
import time
from collections.abc import Iterator
from typing import Any

from django.core.cache import cache
from django.db import connection
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.urls import include, path, re_path

from common.api.errors import RequestRefused
from common.api.responses import problem_response
from common.request_context import current

handler400 = "common.api.fallbacks.bad_request"
handler500 = "common.api.fallbacks.server_error"


def fine(request: HttpRequest, key: str) -> HttpResponse:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse(b"fine", headers={"X-Route-Key": key})


def refuse(request: HttpRequest) -> HttpResponse:
    return problem_response(RequestRefused("No."), request)


def slow(request: HttpRequest) -> HttpResponse:
    time.sleep(0.03)
    return HttpResponse(b"slow")


def stream(request: HttpRequest) -> HttpResponseBase:
    def pieces() -> Iterator[bytes]:
        context = current.get()
        assert context is not None
        yield context.request_id.encode()
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")

    return StreamingHttpResponse(pieces())


def cached(request: HttpRequest) -> HttpResponse:
    cache.set("request-log", 1)
    cache.get("request-log")
    cache.get("request-log-nothing")
    return HttpResponse(b"cached")


def boom(request: HttpRequest) -> HttpResponse:
    """Everything that was sent is in local variables, and in the message of the exception."""
    body, everything = request.body, dict(request.META)
    password, header = request.POST.get("password", ""), request.headers.get("Authorization", "")
    logging.getLogger("site").warning("About %s %s %r", password, request.COOKIES, body, extra={"posted": request.POST})
    raise ValueError(f"no luck with {password} {header} {body!r} {request.GET!r} {request.COOKIES} {len(everything)}")


def boom_json(request: HttpRequest) -> HttpResponse:
    document: Any = request.body.decode()
    raise ValueError(f"can't use {document}")


def boom_sql(request: HttpRequest) -> HttpResponse:
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMP TABLE canaries (id int PRIMARY KEY, note text CHECK (length(note) < 3)) ON COMMIT DROP"
        )
        cursor.execute("INSERT INTO canaries VALUES (1, %s)", [request.GET["password"]])
    return HttpResponse()


urlpatterns = [
    re_path(r"^fine/(?P<key>[a-z]+)/?$", fine),
    path("refuse", refuse),
    path("slow", slow),
    path("stream", stream),
    path("cached", cached),
    path("boom", boom),
    path("boom-json", boom_json),
    path("boom-sql", boom_sql),
    path("", include("opinion_market.urls")),
]
