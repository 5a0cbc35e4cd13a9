"""Put a session of the site into its owner's list, and find its row again.

Contract   The session holds the id of its row, its own key and when it was last noted; the browser holds a random mark,
           by which the account knows it at the next sign-in.
"""

import re
import secrets
from typing import Any, Final

from django.http import HttpRequest

from accounts.services.begin_session import Client, begin_session
from common import clock
from common.client_ip import client_network

COOKIE: Final = "device"
ENTRY: Final = "account_session"
_MARK: Final = re.compile(r"[0-9a-f]{32}", re.ASCII)


def list_session(request: HttpRequest, user_id: int, *, is_sign_in: bool = True) -> None:
    """A session without a key is given one; without ``is_sign_in`` it was there before the list."""
    mark = request.COOKIES.get(COOKIE, "")
    is_marked = _MARK.fullmatch(mark) is not None
    client = Client(
        device=mark if is_marked else secrets.token_hex(16),
        is_marked=is_marked,
        user_agent=request.META.get("HTTP_USER_AGENT", ""),
        network=client_network(request),
    )
    key = key_of(request)
    session_id = begin_session(user_id=user_id, session_key=key, client=client, is_sign_in=is_sign_in)
    request.session[ENTRY] = {"id": session_id, "key": key, "at": moment(), "device": client.device}


def current_session_id(request: HttpRequest) -> int | None:
    entry: dict[str, Any] = request.session.get(ENTRY) or {}
    return entry.get("id")


def key_of(request: HttpRequest) -> str:
    if not request.session.session_key:
        request.session.save()
    return request.session.session_key or ""


def moment() -> int:
    """Now, in whole seconds."""
    return int(clock.now().timestamp())
