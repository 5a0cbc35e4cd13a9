"""Ending sessions from the settings page."""

from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_POST

from accounts.errors import SessionNotFound
from accounts.models import User
from accounts.services.end_sessions import end_other_sessions, end_session
from accounts.services.list_session import current_session_id
from common.client_ip import client_ip


@require_POST
@login_required
def end_one(request: HttpRequest, session_id: int) -> HttpResponse:
    user_id = cast("User", request.user).pk
    try:
        end_session(user_id=user_id, session_id=session_id, ip=client_ip(request))
    except SessionNotFound as problem:
        raise Http404(problem.detail) from problem
    messages.success(request, gettext("That browser is signed out. Its open pages notice within five seconds."))
    return _back()


@require_POST
@login_required
def end_others(request: HttpRequest) -> HttpResponse:
    user_id = cast("User", request.user).pk
    ended = end_other_sessions(user_id=user_id, kept_id=current_session_id(request), ip=client_ip(request))
    said = ngettext("{number} other browser is signed out.", "{number} other browsers are signed out.", ended)
    messages.success(request, said.format(number=ended))
    return _back()


def _back() -> HttpResponse:
    return redirect(reverse("accounts:settings") + "#sessions")
