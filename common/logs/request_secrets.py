"""The secrets that a request or a task brought along, so that what it causes to be written does not repeat them.

Bound      Only what was read already is looked at: a body that nobody read stays unread.
"""

import inspect
from collections.abc import Mapping, Sequence
from typing import Any, Final

import orjson
from django.http import HttpRequest

from common.logs.redaction import VALUE_MIN, secrets_within

_HEADERS: Final = ("HTTP_AUTHORIZATION", "HTTP_PROXY_AUTHORIZATION", "HTTP_X_CSRFTOKEN", "HTTP_COOKIE")
_JSON_MAX: Final = 1 << 20


def request_secrets(request: HttpRequest) -> list[str]:
    """Credentials, cookies, and what stood under secret names in headers, address, form and JSON."""
    found = [request.META.get(name, "") for name in _HEADERS]
    found += [part for text in found for part in text.split()]
    found += request.COOKIES.values()
    found += secrets_within({key: value for key, value in request.META.items() if key.startswith("HTTP_")})
    found += secrets_within(dict(request.GET.lists()))
    if "_post" in vars(request):
        found += secrets_within(dict(request.POST.lists()))
    found += _in_json(vars(request).get("_body", b""))
    return [text for text in found if len(text) >= VALUE_MIN]


def task_secrets(work: Any, arguments: Sequence[Any], named: Mapping[str, Any]) -> list[str]:
    """Arguments of a task whose names sound like secrets."""
    try:
        given: Mapping[str, Any] = inspect.signature(work).bind_partial(*arguments, **named).arguments
    except TypeError:
        given = named
    return secrets_within(dict(given)) + secrets_within(list(arguments))


def _in_json(body: bytes) -> list[str]:
    if body[:1] not in (b"{", b"[") or len(body) > _JSON_MAX:
        return []
    try:
        return secrets_within(orjson.loads(body))
    except orjson.JSONDecodeError:
        return []
