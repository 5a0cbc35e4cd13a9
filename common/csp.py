"""The content security policy: what a page may run, load and send, told by a nonce that only its own templates know.

Contract   Each answer has a policy. Scripts and stylesheets run only with the answer's nonce, which is new and cannot
           be guessed; an answer whose templates asked for none may run nothing. No text is code: neither inline nor
           evaluated. ``/admin/`` alone has what its library needs besides (``_ADMIN_SCRIPTS``).
Nonce      Put into each script and stylesheet tag when a template file is read (``common.csp_templates``), never into
           what a template shows: text of users that looks like a tag has none and does nothing.
"""

import secrets
from collections.abc import Callable
from contextvars import ContextVar
from typing import Final

from django.http import HttpRequest, HttpResponseBase

GetResponse = Callable[[HttpRequest], HttpResponseBase]
_REST: Final = (
    "default-src 'none'; connect-src 'self'; font-src 'self'; img-src 'self' data:; manifest-src 'self'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
_NOTHING: Final = f"{_REST}; script-src 'none'; style-src 'none'"
_ADMIN: Final = "/admin/"
#: Our own files, which form widgets name in Python, so without a nonce. And evaluated text: the theme's pages tell
#: what they do in attributes (Alpine), with globals, arrow functions and several statements, all of which Alpine's
#: build for strict policies refuses (3.17.4).
_ADMIN_SCRIPTS: Final = " 'self' 'unsafe-eval'"
_ADMIN_STYLES: Final = " 'self'"


class _Nonce:
    """Made when a template asks for it."""

    __slots__ = ("value",)

    def __init__(self) -> None:
        self.value = ""

    def get(self) -> str:
        self.value = self.value or secrets.token_urlsafe(18)
        return self.value


_nonce: Final[ContextVar[_Nonce | None]] = ContextVar("csp_nonce", default=None)


def nonce() -> str:
    """Of the answer that is being made; empty outside of one, as in mails."""
    found = _nonce.get()
    return "" if found is None else found.get()


def policy(value: str, path: str) -> str:
    """The policy of an answer at ``path`` whose templates got the nonce ``value``."""
    if not value:
        return _NOTHING
    scripts, styles = (_ADMIN_SCRIPTS, _ADMIN_STYLES) if path.startswith(_ADMIN) else ("", "")
    return f"{_REST}; script-src 'nonce-{value}'{scripts}; style-src 'nonce-{value}'{styles}"


class ContentSecurityPolicyMiddleware:
    """Adds the policy, unless the view has a stricter one of its own, and what the page may ask of the device."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        made = _Nonce()
        token = _nonce.set(made)
        try:
            response = self.get_response(request)
        finally:
            _nonce.reset(token)
        response.headers.setdefault("Content-Security-Policy", policy(made.value, request.path))
        response.headers.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
        return response
