"""The answer to a body that the server didn't read to its end.

Contract   Whoever reads bodies puts its limit into the WSGI environment as ``BODY_REFUSED``, and no body. The answer is
           a 413 as a problem document, made under the request's line, measurements and headers, before anything
           looks at sessions or views; so the route is told by the address alone.
"""

from collections.abc import Callable
from typing import Any, Final

from django.http import HttpRequest, HttpResponseBase, JsonResponse
from django.urls import Resolver404, resolve

from common.problems import CONTENT_TYPE, problem_document
from common.request_context import current

BODY_REFUSED: Final = "opinion_market.body_refused"
CODE: Final = "request.body_too_large"
GetResponse = Callable[[HttpRequest], HttpResponseBase]


class BodyLimitMiddleware:
    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        limit = request.META.get(BODY_REFUSED)
        return self.get_response(request) if limit is None else _refusal(request, limit)


def problem(limit: int) -> dict[str, Any]:
    """``limit`` in bytes."""
    return problem_document(
        code=CODE, title="The request is too large.", status=413, detail=f"Send at most {limit} bytes."
    )


def _refusal(request: HttpRequest, limit: int) -> HttpResponseBase:
    document, context = problem(limit) | {"instance": request.path}, current.get()
    if context is not None:
        context.code = CODE
        document["request_id"] = context.request_id
    try:
        request.resolver_match = resolve(request.path_info)
    except Resolver404:
        request.resolver_match = None
    return JsonResponse(document, status=413, content_type=CONTENT_TYPE)
