"""The name that a route has in measurements and logs: its template, never the address that somebody asked for.

Contract   ``/api/v1/markets/{key}/book`` from ``api/v1/^^markets/(?P<key>[^/]+)/book/?$``. What no view answers is
           ``unmatched``, files are ``/static/*``, the administration is ``/admin/*``, so that names stay few.
"""

import re
from functools import cache
from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest

from common.api.fallbacks import UnknownRouteView

UNMATCHED: Final = "unmatched"
_CONVERTER: Final = re.compile(r"<(?:[^<>:]+:)?(\w+)>")
_NAMED: Final = re.compile(r"\(\?P<(\w+)>")
_REST: Final = re.compile(r"\(\?:|[\^$)?]|\\[AZzbB]")


def route_name(request: HttpRequest) -> str:
    match: Any = request.resolver_match
    if match is None:
        return "/static/*" if request.path_info.startswith(settings.STATIC_URL) else UNMATCHED
    if getattr(match.func, "view_class", None) is UnknownRouteView:
        return UNMATCHED
    return template(match.route)


@cache
def template(route: str) -> str:
    """``route`` as ``ResolverMatch`` has it, with names in braces instead of patterns."""
    if route.startswith("admin/"):
        return "/admin/*"
    plain = _CONVERTER.sub(r"{\1}", _without_groups(route))
    plain = _REST.sub("", plain.replace("/?", "")).replace("\\", "")
    return "/" + plain.strip("/")


def _without_groups(route: str) -> str:
    """Named groups become ``{name}``, whatever is nested in them."""
    while (found := _NAMED.search(route)) is not None:
        route = f"{route[: found.start()]}{{{found[1]}}}{route[_group_end(route, found.start()) :]}"
    return route


def _group_end(route: str, start: int) -> int:
    depth, position, in_class = 0, start, False
    while position < len(route):
        letter = route[position]
        if letter == "\\":
            position += 1
        elif letter in "[]":
            in_class = letter == "["
        elif not in_class:
            depth += (letter == "(") - (letter == ")")
            if depth == 0:
                return position + 1
        position += 1
    return len(route)
