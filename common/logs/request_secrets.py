"""The secrets that a request or a task brought along, so that what it causes to be written does not repeat them.

Bound      Only what was read already is looked at: a body that nobody read stays unread.
"""

import html
import inspect
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final
from urllib.parse import quote, quote_plus

import orjson
from django.http import HttpRequest

from common.logs.redaction import VALUE_MIN, secrets_within

_HEADERS: Final = ("HTTP_AUTHORIZATION", "HTTP_PROXY_AUTHORIZATION", "HTTP_X_CSRFTOKEN", "HTTP_COOKIE")
_JSON_MAX: Final = 1 << 20
#: How many times a text may have been shown within another; an exception's message often holds a ``repr``.
_REPR_DEPTH: Final = 2


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
    return spellings(found)


def task_secrets(work: Any, arguments: Sequence[Any], named: Mapping[str, Any]) -> list[str]:
    """Arguments of a task whose names sound like secrets."""
    try:
        given: Mapping[str, Any] = inspect.signature(work).bind_partial(*arguments, **named).arguments
    except TypeError:
        given = named
    return spellings(secrets_within(dict(given)) + secrets_within(list(arguments)))


def spellings(texts: Iterable[str]) -> list[str]:
    """Each text as it is, and as it stands in addresses, in JSON, in pages and in the ``repr`` of what holds it."""
    found = {text for text in texts if len(text) >= VALUE_MIN}
    found |= {spelled for text in found for spelled in (quote(text), quote_plus(text))}
    for _ in range(_REPR_DEPTH):
        found |= {spelled for text in found for spelled in _escaped(text)}
    return list(found | {html.escape(text) for text in found})


def _escaped(text: str) -> tuple[str, ...]:
    if text.isalnum():
        return ()
    inside = repr(text)[1:-1]
    return (inside, inside.replace("'", "\\'"), json.dumps(text)[1:-1], repr(text.encode())[2:-1])


def _in_json(body: bytes) -> list[str]:
    if body[:1] not in (b"{", b"[") or len(body) > _JSON_MAX:
        return []
    try:
        return secrets_within(orjson.loads(body))
    except orjson.JSONDecodeError:
        return []
