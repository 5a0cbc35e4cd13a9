"""A page instead of nothing for who opens an address that only takes what a form sends.

Why        Django answers 405 with an empty body, which browsers show as a fault of their own. It happens to whoever
           loads the address of a refused form again, and isn't a mistake of theirs.
"""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render


class RefusedMethodMiddleware:
    """Under those that know the reader; what the API says of a method has a body and stays, and so does what programs
    get that don't read pages."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        is_said = response.status_code != 405 or not isinstance(response, HttpResponse) or response.content
        if is_said or "text/html" not in request.META.get("HTTP_ACCEPT", ""):
            return response
        page = render(request, "405.html", status=405)
        page["Allow"] = response["Allow"]
        return page
