"""Taking one's data along, and deleting one's account in two steps."""

from typing import cast

from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from accounts.models import User
from accounts.services.delete_account import delete_account
from accounts.services.write_account_data import request_account_data
from common.errors import DomainError
from common.personal_data import reasons_to_stay
from common.problem_words import words_of


@require_POST
@login_required
def download(request: HttpRequest) -> HttpResponse:
    try:
        request_account_data(user_id=cast("User", request.user).pk)
    except DomainError as refusal:
        messages.error(request, words_of(refusal))
    else:
        messages.success(request, gettext("Your data is being collected. It is ready in a moment."))
    return redirect("jobs:list")


@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def delete(request: HttpRequest) -> HttpResponse:
    """What it means and what has to end first; then, with password and handle, the deed."""
    user = cast("User", request.user)
    if request.method != "POST":
        return _page(request, user, is_second=request.GET.get("step") == "2")
    if request.POST.get("handle", "").strip() != user.username:
        return _page(request, user, is_second=True, handle_error=gettext("Type your handle exactly."), status=422)
    try:
        delete_account(user_id=user.pk, password=request.POST.get("password", ""))
    except DomainError as refusal:
        return _page(request, user, is_second=True, error=words_of(refusal), status=refusal.status)
    logout(request)
    messages.success(request, gettext("Your account is deleted. Thank you for having been here."))
    return redirect("/")


def _page(
    request: HttpRequest, user: User, *, is_second: bool, handle_error: str = "", error: str = "", status: int = 200
) -> HttpResponse:
    reasons = reasons_to_stay(user.pk)
    context = {"reasons": reasons, "is_second": is_second and not reasons, "handle_error": handle_error, "error": error}
    return render(request, "accounts/delete.html", context, status=status)
