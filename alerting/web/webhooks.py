"""A person's webhooks: the list, each with how it stands, its secret, tests, deliveries and replays."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any, Final

from django import forms as django_forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect, render
from django.utils.translation import gettext, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_safe

from alerting.errors import WebhookNotFound
from alerting.selectors.webhooks import EndpointRow, endpoint_of, endpoints_of, event_deliveries, event_delivery
from alerting.services.webhooks.replay_events import replay_failed, replay_one, replay_since
from alerting.services.webhooks.rotate_secret import rotate_secret
from alerting.services.webhooks.save_endpoint import MadeEndpoint, create_endpoint, delete_endpoint, update_endpoint
from alerting.services.webhooks.send_test_event import send_test_event
from alerting.web.webhook_forms import ChangeForm, EndpointForm, ReplayForm, RotateForm, TestForm
from common import clock
from common.client_ip import client_ip
from common.errors import DomainError
from common.paging import CursorInvalid
from common.problem_words import field_words, words_of

_PAGE: Final = 25
_STATUSES: Final = ("waiting", "delivered", "dead")


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
@sensitive_variables("made")
def webhook_list(request: HttpRequest) -> HttpResponse:
    form = EndpointForm(request.POST if request.method == "POST" else None)
    made = _create(request, form) if form.is_bound and form.is_valid() else None
    context = {
        "secret": made.secret if made else "",
        "made_id": made.id if made else 0,
        "form": EndpointForm() if made else form,
        "rows": endpoints_of(_user_id(request)),
    }
    return render(request, "alerting/webhooks.html", context, status=201 if made else 422 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
@sensitive_variables("secret")
def webhook(request: HttpRequest, endpoint_id: str) -> HttpResponse:
    """One form for each act, told by ``act``."""
    row = _own(request, endpoint_id)
    change, secret = ChangeForm(initial=_now(row)), ""
    act = request.POST.get("act", "") if request.method == "POST" else ""
    if act == "change":
        change = ChangeForm(request.POST)
        if change.is_valid() and _done(request, change, lambda: _change(request, row, change)):
            return redirect("notifications:webhook", endpoint_id=row.id)
    elif act == "rotate":
        secret = _rotated(request, row)
    elif act in _ACTS:
        _done(request, None, lambda: _ACTS[act](request, row))
        if act == "delete":
            return redirect("notifications:webhooks")
        return redirect("notifications:webhook", endpoint_id=row.id)
    return _page(request, row.id, change=change, secret=secret)


@require_safe
@never_cache
@login_required
def webhook_delivery(request: HttpRequest, endpoint_id: str, delivery_id: str) -> HttpResponse:
    row = _own(request, endpoint_id)
    try:
        found = event_delivery(row.channel_id, int(delivery_id))
    except WebhookNotFound as problem:
        raise Http404(problem.detail) from problem
    return render(request, "alerting/webhook_delivery.html", {"row": row, "one": found})


def _page(request: HttpRequest, endpoint_id: int, *, change: ChangeForm, secret: str) -> HttpResponse:
    row, status = endpoint_of(_user_id(request), endpoint_id), request.GET.get("status", "")
    status = status if status in _STATUSES else ""
    try:
        page = event_deliveries(row.channel_id, status=status, limit=_PAGE, cursor=request.GET.get("cursor", ""))
    except CursorInvalid as error:
        return HttpResponseBadRequest(error.detail)
    context = {
        "row": row,
        "change": change,
        "secret": secret,
        "page": page,
        "status": status,
        "statuses": _STATUSES,
        "rotate": RotateForm(auto_id="rotate_%s"),
        "replay": ReplayForm(auto_id="replay_%s"),
        "test": TestForm(initial={"event": row.events[0]}, auto_id="test_%s"),
    }
    return render(request, "alerting/webhook.html", context, status=422 if change.is_bound else 200)


def _create(request: HttpRequest, form: EndpointForm) -> MadeEndpoint | None:
    try:
        return create_endpoint(user_id=_user_id(request), ip=client_ip(request), **form.cleaned_data)
    except DomainError as problem:
        _tell(form, problem)
        return None


def _change(request: HttpRequest, row: EndpointRow, form: ChangeForm) -> None:
    changes = {name: value for name, value in form.cleaned_data.items() if name != "url" or value}
    update_endpoint(**_whose(request, row), changes=changes)
    messages.success(request, "Saved.")


def _rotated(request: HttpRequest, row: EndpointRow) -> str:
    form = RotateForm(request.POST)
    hours = int(form.cleaned_data["hours"]) if form.is_valid() else 24
    return rotate_secret(**_whose(request, row), overlap_s=hours * 3_600)


def _switch(request: HttpRequest, row: EndpointRow) -> None:
    update_endpoint(**_whose(request, row), changes={"is_enabled": not row.is_enabled})
    messages.success(
        request,
        gettext("It is off.") if row.is_enabled else gettext("It is on again. What was missed goes by a replay."),
    )


def _send_test(request: HttpRequest, row: EndpointRow) -> None:
    send_test_event(user_id=_user_id(request), endpoint_id=row.id, event=request.POST.get("event", "")[:60])
    messages.success(request, gettext("A test is on its way; reload in a moment."))


def _replay(request: HttpRequest, row: EndpointRow) -> None:
    form = ReplayForm(request.POST)
    days = int(form.cleaned_data["days"]) if form.is_valid() else 1
    since = clock.now() - timedelta(days=days) + timedelta(seconds=1)
    number = replay_since(**_whose(request, row), since=since)
    messages.success(
        request,
        ngettext(
            "What was missed in %(number)d market goes again.",
            "What was missed in %(number)d markets goes again.",
            number,
        )
        % {"number": number},
    )


def _replay_failed(request: HttpRequest, row: EndpointRow) -> None:
    number = replay_failed(**_whose(request, row))
    messages.success(
        request,
        ngettext("%(number)d delivery goes again.", "%(number)d deliveries go again.", number) % {"number": number},
    )


def _replay_one(request: HttpRequest, row: EndpointRow) -> None:
    text = request.POST.get("delivery", "")
    delivery_id = int(text) if text.isascii() and text.isdecimal() and len(text) < 17 else 0
    replay_one(**_whose(request, row), delivery_id=delivery_id)
    messages.success(request, gettext("It goes again."))


def _delete(request: HttpRequest, row: EndpointRow) -> None:
    delete_endpoint(**_whose(request, row))
    messages.success(request, gettext("The webhook is deleted."))


_ACTS: Final[dict[str, Callable[[HttpRequest, EndpointRow], None]]] = {
    "switch": _switch,
    "test": _send_test,
    "replay": _replay,
    "replay-failed": _replay_failed,
    "replay-one": _replay_one,
    "delete": _delete,
}


def _done(request: HttpRequest, form: django_forms.Form | None, act: Callable[[], None]) -> bool:
    try:
        act()
    except DomainError as problem:
        if form is None:
            messages.error(request, words_of(problem))
        else:
            _tell(form, problem)
        return False
    return True


def _tell(form: django_forms.Form, problem: DomainError) -> None:
    for error in problem.errors:
        field = error.pointer.strip("/")
        form.add_error(field if field in form.fields else None, field_words(error))
    if not problem.errors:
        form.add_error(None, words_of(problem))


def _own(request: HttpRequest, endpoint_id: str) -> EndpointRow:
    try:
        return endpoint_of(_user_id(request), int(endpoint_id))
    except WebhookNotFound as problem:
        raise Http404(problem.detail) from problem


def _now(row: EndpointRow) -> dict[str, Any]:
    markets = ", ".join(map(str, row.markets))
    return {"description": row.description, "events": list(row.events), "markets": markets}


def _whose(request: HttpRequest, row: EndpointRow) -> dict[str, Any]:
    return {"user_id": _user_id(request), "endpoint_id": row.id, "ip": client_ip(request)}


def _user_id(request: HttpRequest) -> int:
    assert request.user.pk is not None
    return request.user.pk
