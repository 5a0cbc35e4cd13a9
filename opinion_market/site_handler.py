"""Django's WSGI handler with a shorter way for orders that come with an API key.

Contract   A request to one of ``SHORT_WAY`` that has an ``Authorization`` header goes past the layers of
           ``FOR_SESSIONS`` only: those read and write sessions, cookies, forms and pages, of which such a request has
           none; its gate reads the key alone. Every other layer, its order and what it answers are the same.
Why        Half of what an order costs before it reaches the market were layers that had nothing to do for it.
"""

from collections.abc import Mapping
from typing import Any, Final

import django
from django.conf import settings
from django.core.handlers.exception import convert_exception_to_response
from django.core.handlers.wsgi import WSGIHandler, get_script_name
from django.http import HttpRequest, HttpResponseBase
from django.urls import ResolverMatch, set_script_prefix
from django.utils.module_loading import import_string

from common.shared_thread import SHARES_THREAD

SHORT_WAY: Final = frozenset({"/api/v1/orders", "/api/v1/orders/batch"})
FOR_SESSIONS: Final = frozenset(
    {
        "opinion_market.static_files.StaticFilesMiddleware",
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
        "accounts.web.reader.ReaderMiddleware",
        "accounts.web.session_list.SessionListMiddleware",
        "allauth.account.middleware.AccountMiddleware",
        "django.contrib.messages.middleware.MessageMiddleware",
        "accounts.web.middleware.AccountLimitMiddleware",
        "accounts.web.middleware.StaffSecondFactorMiddleware",
        "common.web.refused_methods.RefusedMethodMiddleware",
    }
)


class SiteHandler(WSGIHandler):
    """Each process has one."""

    def load_middleware(self, is_async: bool = False) -> None:
        super().load_middleware(is_async)
        whole: Any = self._middleware_chain  # type: ignore[has-type]
        short: Any = convert_exception_to_response(self._get_response)  # type: ignore[attr-defined]
        for name in reversed(settings.MIDDLEWARE):
            if name not in FOR_SESSIONS:
                short = convert_exception_to_response(import_string(name)(short))
        self._matches: dict[str, ResolverMatch] = {}

        def answer(request: HttpRequest) -> HttpResponseBase:
            answered: HttpResponseBase = (short if _is_short(request) else whole)(request)
            return answered

        self._middleware_chain = answer

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Any:
        """A request that shares its thread has no beginning and end that those who keep connections need to hear of:
        the thread looks after its own."""
        if SHARES_THREAD not in environ:
            return super().__call__(environ, start_response)
        set_script_prefix(get_script_name(environ))
        response: Any = self.get_response(self.request_class(environ))
        cookies = [("Set-Cookie", cookie.output(header="")) for cookie in response.cookies.values()]
        start_response(f"{response.status_code} {response.reason_phrase}", [*response.items(), *cookies])
        for close in response._resource_closers:
            close()
        return list(response)

    def resolve_request(self, request: Any) -> ResolverMatch:
        """The view of a path; that of orders is looked for once, since dozens of patterns stand before it."""
        path = request.path_info
        if path not in SHORT_WAY or hasattr(request, "urlconf"):
            return super().resolve_request(request)
        match = self._matches.get(path)
        if match is None:
            match = self._matches[path] = super().resolve_request(request)
        request.resolver_match = match
        return match


def _is_short(request: HttpRequest) -> bool:
    return request.path_info in SHORT_WAY and "HTTP_AUTHORIZATION" in request.META


def is_single_order(scope: Mapping[str, Any]) -> bool:
    """Whether a request, as ASGI describes it, is an order that goes the short way: it mostly waits for its batch."""
    return (
        scope["path"] == "/api/v1/orders"
        and scope["method"] == "POST"
        and any(name == b"authorization" for name, _ in scope["headers"])
    )


def site_application() -> SiteHandler:
    """The site as a WSGI application."""
    django.setup(set_prefix=False)
    return SiteHandler()
