"""Putting an announcement away, for this browser."""

from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from accounts.selectors.announcements import COOKIE, dismissed_ids

_KEPT_MAX: Final = 30
_YEAR_S: Final = 31_536_000


@require_POST
def dismiss(request: HttpRequest, announcement_id: int) -> HttpResponse:
    """Remember it in a cookie, and go back to the page; scripts get 204."""
    kept = [str(one) for one in dismissed_ids(request.COOKIES.get(COOKIE, "")) if one != announcement_id]
    address = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(address, {request.get_host()}, require_https=request.is_secure())
    is_script = request.headers.get("X-Requested-With") == "fetch"
    response = HttpResponse(status=204) if is_script else redirect(address if is_ours else "/")
    value = ".".join([*kept, str(announcement_id)][-_KEPT_MAX:])
    response.set_cookie(COOKIE, value, max_age=_YEAR_S, secure=request.is_secure(), httponly=True, samesite="Lax")
    return response
