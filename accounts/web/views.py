from typing import cast

from allauth.account.models import EmailAddress
from allauth.mfa.utils import is_mfa_enabled
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.errors import KeyNotFound
from accounts.models import User
from accounts.selectors.own_keys import own_keys
from accounts.selectors.sessions import own_sessions, security_facts
from accounts.services.create_api_key import NewKey, create_api_key
from accounts.services.list_session import current_session_id
from accounts.services.revoke_api_key import revoke_api_key
from accounts.web.key_forms import ApiKeyForm
from accounts.web.security_words import said
from common.errors import DomainError
from common.problem_words import field_words, words_of


@require_safe
@never_cache
@login_required
def settings_page(request: HttpRequest) -> HttpResponse:
    user = cast("User", request.user)
    context = {
        "email": EmailAddress.objects.filter(user=user, primary=True).first(),
        "has_second_factor": is_mfa_enabled(user),
        "roles": [group.name for group in user.groups.order_by("name")],
        "sessions": own_sessions(user_id=user.pk, current_id=current_session_id(request)),
        "security_facts": [said(fact) for fact in security_facts(user_id=user.pk)],
        "keys": own_keys(user_id=user.pk),
        "form": ApiKeyForm(user=user),
    }
    return render(request, "accounts/settings.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
@sensitive_variables("made")
def api_keys(request: HttpRequest) -> HttpResponse:
    user = cast("User", request.user)
    form = ApiKeyForm(request.POST if request.method == "POST" else None, user=user)
    made = _create(form, user) if form.is_bound and form.is_valid() else None
    context = {"made": made, "form": ApiKeyForm(user=user) if made else form, "keys": own_keys(user_id=user.pk)}
    status = 201 if made else 422 if form.is_bound else 200
    return render(request, "accounts/api_keys.html", context, status=status)


@require_POST
@login_required
def revoke_key(request: HttpRequest, key_id: int) -> HttpResponse:
    try:
        revoke_api_key(key_id=key_id, user_id=cast("User", request.user).pk)
    except KeyNotFound as problem:
        raise Http404(problem.detail) from problem
    messages.success(request, gettext("The key is revoked. Programs that use it are refused from now on."))
    return redirect("accounts:api-keys")


def _create(form: ApiKeyForm, user: User) -> NewKey | None:
    data = form.cleaned_data
    try:
        return create_api_key(user_id=user.pk, name=data["name"], scopes=data["scopes"], expires_at=form.expires_at())
    except DomainError as problem:
        for error in problem.errors:
            field = error.pointer.strip("/")
            form.add_error(field if field in form.fields else None, field_words(error))
        if not problem.errors:
            form.add_error(None, words_of(problem))
        return None
