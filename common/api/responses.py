"""Bytes of answers."""

from collections.abc import Iterable
from typing import Any

import orjson
from django.http import HttpRequest, HttpResponse
from django.http.response import ResponseHeaders

from common.errors import DomainError
from common.problems import CONTENT_TYPE, problem_from_error
from common.request_context import current


class _PlainHeaders(ResponseHeaders):
    """Django's headers without its conversions of what is plain text already, as that of the API is.

    Why: an answer has eighteen headers, and converting each was a tenth of what an order cost before its market.
    """

    def __setitem__(self, key: str, value: Any) -> None:
        if value.__class__ is str and value.isascii() and value.isprintable() and key.isascii() and key.isprintable():
            self._store[key.lower()] = (key, value)
        else:
            super().__setitem__(key, value)

    def __contains__(self, key: object) -> bool:
        return isinstance(key, str) and key.lower() in self._store

    def items(self) -> Iterable[tuple[str, str]]:  # type: ignore[override]
        return list(self._store.values())


class ApiResponse(HttpResponse):
    def __init__(self, content: bytes, *, content_type: str, status: int) -> None:
        super().__init__(content, content_type=content_type, status=status)
        plain = _PlainHeaders({})
        plain._store = self.headers._store
        self.headers = plain


def json_response(data: Any, *, status: int = 200) -> HttpResponse:
    """``data`` as JSON; own answers must not be kept by caches in between."""
    response = ApiResponse(orjson.dumps(data), content_type="application/json", status=status)
    response.headers["Cache-Control"] = "no-store"
    return response


def problem_response(error: DomainError, request: HttpRequest) -> HttpResponse:
    document = problem_from_error(error)
    context = current.get()
    if context is not None:
        context.code = error.code
    return _problem(orjson.dumps(document | exchange_facts(request)), error.status, error.extra.get("retry_after"))


def stored_problem_response(body: str, status: int) -> HttpResponse:
    """A problem that was answered before, byte for byte."""
    return _problem(body.encode(), status, None)


def exchange_facts(request: HttpRequest) -> dict[str, str]:
    """What belongs to one exchange only: where it happened and how to find it in the log."""
    return {"instance": request.path, "request_id": getattr(request, "request_id", "")}


def _problem(body: bytes, status: int, retry_after: object) -> HttpResponse:
    response = ApiResponse(body, content_type=CONTENT_TYPE, status=status)
    response.headers["Cache-Control"] = "no-store"
    if status == 401:
        response.headers["WWW-Authenticate"] = 'Bearer realm="api"'
    if retry_after is not None:
        response.headers["Retry-After"] = str(retry_after)
    return response
