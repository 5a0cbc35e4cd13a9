"""Keeps the list of signed-in browsers true while they are used.

Contract   A session that was ended elsewhere is let go at the next note, should a cache have kept it. A page never
           fails because its session could not be noted.
Cost       A page writes nothing, but once in ``NOTED_EVERY_S`` seconds, or when the session's key has changed.
"""

import logging
from collections.abc import Callable
from typing import Final

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponseBase

from accounts.services.keep_session import keep_session
from accounts.services.list_session import COOKIE, ENTRY, key_of, list_session, moment

logger = logging.getLogger(__name__)
NOTED_EVERY_S: Final = 600
_YEAR_S: Final = 31_536_000


class SessionListMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        # Whoever hasn't looked at the session was nobody in particular, and nothing is read for them.
        if request.session.accessed and SESSION_KEY in request.session:
            try:
                _note(request)
            except DatabaseError:
                logger.warning("a session was not noted", exc_info=True)
            _mark(request, response)
        return response


def _note(request: HttpRequest) -> None:
    session, user_id = request.session, int(request.session[SESSION_KEY])
    entry = session.get(ENTRY)
    if entry is None:
        list_session(request, user_id, is_sign_in=False)
    elif entry["key"] != session.session_key or moment() - entry["at"] >= NOTED_EVERY_S:
        key = key_of(request)
        if keep_session(session_id=entry["id"], user_id=user_id, session_key=key):
            session[ENTRY] = {**entry, "key": key, "at": moment()}
        else:
            session.flush()


def _mark(request: HttpRequest, response: HttpResponseBase) -> None:
    mark = (request.session.get(ENTRY) or {}).get("device", "")
    if mark and request.COOKIES.get(COOKIE) != mark:
        secure = settings.SESSION_COOKIE_SECURE
        response.set_cookie(COOKIE, mark, max_age=_YEAR_S, secure=secure, httponly=True, samesite="Lax")
