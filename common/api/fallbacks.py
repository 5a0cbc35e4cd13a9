"""Answers of the API when no view of it was reached."""

from django.http import HttpRequest, HttpResponse
from django.views import defaults

from common.api.access import PUBLIC
from common.api.errors import RequestRefused, RouteUnknown, ServerFailed
from common.api.responses import problem_response
from common.api.views import ApiView

_API = "/api/"


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
    return defaults.server_error(request)
