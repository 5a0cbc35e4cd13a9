"""Two checks in front of pages: how often account pages may be sent to, and staff's second factor."""

from collections.abc import Callable

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext

from accounts.errors import TooManyAttempts
from accounts.services import limits
from common.client_ip import client_network
from common.problem_words import words_of

GetResponse = Callable[[HttpRequest], HttpResponseBase]


class AccountLimitMiddleware:
    """Whatever form of an account page it is: one address sends only so many of them."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.method == "POST" and request.path.startswith("/accounts/"):
            verdict = limits.take([(limits.ACCOUNT_PAGES, client_network(request))])
            if not verdict.is_allowed:
                return _too_many(request, limits.refusal(verdict))
        return self.get_response(request)


class StaffSecondFactorMiddleware:
    """With ``REQUIRE_STAFF_MFA`` the admin site opens only to staff who have set up a second factor."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if settings.REQUIRE_STAFF_MFA and request.path.startswith(reverse("admin:index")):
            user = request.user
            if user.is_authenticated and user.is_staff and not is_mfa_enabled(user):
                messages.warning(
                    request, gettext("Staff need a second factor. Set one up to enter the administration.")
                )
                return redirect("mfa_index")
        return self.get_response(request)


def _too_many(request: HttpRequest, refusal: TooManyAttempts) -> HttpResponse:
    response = render(request, "429.html", {"detail": words_of(refusal)}, status=429)
    response.headers["Retry-After"] = str(refusal.extra["retry_after"])
    return response
