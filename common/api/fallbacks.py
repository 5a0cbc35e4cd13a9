"""Answers when no view has one: of the API when none of it was reached, and of pages that failed.

Contract   A database that is busy or away is 503 with ``Retry-After``, on pages as in the API; 500 is our mistake.
"""

import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.views import defaults

from common.api.access import PUBLIC
from common.api.errors import RequestRefused, RouteUnknown, ServerFailed
from common.api.responses import problem_response
from common.api.views import ApiView

_API = "/api/"
_RETRY_S = 1


class UnknownRouteView(ApiView):
    access = PUBLIC
    schema = None

    def get(self, request: HttpRequest, **_: str) -> HttpResponse:
        raise RouteUnknown("Look the route up in /api/v1/docs.")

    post = put = patch = delete = get


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    if request.path.startswith(_API):
        return problem_response(RequestRefused("Check the address, headers and encoding of the request."), request)
    return defaults.bad_request(request, exception)


def server_error(request: HttpRequest) -> HttpResponse:
    if request.path.startswith(_API):
        detail = "This is our mistake. Repeat with the same client_order_id to learn whether an order was taken."
        return problem_response(ServerFailed(detail), request)
    if isinstance(sys.exception(), OperationalError | InterfaceError):
        return HttpResponse(render_to_string("errors/500.html"), status=503, headers={"Retry-After": str(_RETRY_S)})
    return defaults.server_error(request)
