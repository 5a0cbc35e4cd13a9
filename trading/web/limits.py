"""How often a reader may search and open pages; by account, or by network for visitors."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render

from accounts.errors import TooManyAttempts
from accounts.services import limits
from accounts.types import Limit
from common.client_ip import client_network
from common.problem_words import words_of

View = Callable[..., HttpResponseBase]


def limited(view: View) -> View:
    """Answer 429 with ``Retry-After`` instead of calling the view when its reader asks too often."""

    def limit_of(request: HttpRequest) -> Limit:
        return limits.SEARCH if request.GET.get("q", "").strip() else limits.PAGES

    return _limited(view, limit_of)


def limited_suggestions(view: View) -> View:
    """The same for what is asked with every letter, which an index answers: counted as pages are."""
    return _limited(view, lambda request: limits.PAGES)


def limited_downloads(view: View) -> View:
    """The same for views that send whole histories."""
    return _limited(view, lambda request: limits.DOWNLOADS)


def _limited(view: View, limit_of: Callable[[HttpRequest], Limit]) -> View:
    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        verdict = limits.take([(limit_of(request), _reader(request))])
        return view(request, *args, **kwargs) if verdict.is_allowed else _too_many(request, limits.refusal(verdict))

    return answer


def _reader(request: HttpRequest) -> str:
    return f"user:{request.user.pk}" if request.user.is_authenticated else f"address:{client_network(request)}"


def _too_many(request: HttpRequest, refusal: TooManyAttempts) -> HttpResponse:
    response = render(request, "429.html", {"detail": words_of(refusal)}, status=429)
    response.headers["Retry-After"] = str(refusal.extra["retry_after"])
    return response
