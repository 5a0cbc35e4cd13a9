"""A person's notifications, how they want to be told, and the watch button of markets."""

from dataclasses import dataclass
from typing import Final

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBadRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from alerting.errors import WatchRefused
from alerting.models import DigestPace, NoticeKind, SubjectKind
from alerting.selectors.digests import digest_pace
from alerting.selectors.notifications import NotificationRow, is_watched, notifications
from alerting.selectors.preferences import DEFAULTS, Wish, own_preferences
from alerting.selectors.subjects import followed_subjects
from alerting.selectors.watchlist import watchlist
from alerting.services._unsubscribe_link import DIGEST, read_unsubscription
from alerting.services.read_notifications import read_notifications
from alerting.services.set_digest import set_digest
from alerting.services.set_preferences import set_preferences, stop_letters
from alerting.services.watch_market import unwatch_market, watch_market
from common.paging import CursorInvalid
from common.problem_words import words_of
from trading.selectors.market_detail import market_detail

_PAGE: Final = 30


@dataclass(frozen=True, slots=True)
class PreferenceRow:
    kind: str
    label: str
    wish: Wish


@require_safe
@never_cache
@login_required
def notification_list(request: HttpRequest) -> HttpResponse:
    assert request.user.pk is not None
    try:
        page = notifications(request.user.pk, limit=_PAGE, cursor=request.GET.get("cursor") or None)
    except CursorInvalid as error:
        return HttpResponseBadRequest(error.detail)
    rows: tuple[NotificationRow, ...] = page.items
    context = {"rows": rows, "next": page.next_cursor, "newest": rows[0].id if rows else 0}
    return render(request, "alerting/notifications.html", context)


@require_POST
@login_required
def read(request: HttpRequest) -> HttpResponse:
    text = request.POST.get("upto", "")
    if text.isdecimal() and len(text) < 19 and request.user.pk is not None:
        read_notifications(user_id=request.user.pk, upto_id=int(text))
    return redirect("notifications:list")


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def preferences(request: HttpRequest) -> HttpResponse:
    assert request.user.pk is not None
    if request.method == "POST":
        wishes: dict[str, Wish] = {
            str(kind): Wish(f"{kind}-in_app" in request.POST, f"{kind}-email" in request.POST) for kind in DEFAULTS
        }
        set_preferences(user_id=request.user.pk, wishes=wishes)
        pace = request.POST.get("digest", "")
        set_digest(user_id=request.user.pk, pace=DigestPace(pace) if pace in DigestPace.values else None)
        messages.success(request, _("Saved."))
        return redirect("notifications:preferences")
    rows = [
        PreferenceRow(kind, str(NoticeKind(kind).label), wish)
        for kind, wish in own_preferences(request.user.pk).items()
    ]
    context = {"rows": rows, "pace": digest_pace(request.user.pk), "paces": DigestPace.choices}
    return render(request, "alerting/preferences.html", context)


# Mail programs send the POST of RFC 8058 without a session; the token says whose letters they are.
@csrf_exempt  # nosemgrep: csrf-exempt
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    found = read_unsubscription(token)
    if found is None or found.kind not in {DIGEST, *DEFAULTS}:
        raise Http404
    if request.method == "POST":
        stop_letters(user_id=found.user_id, kind=found.kind)
    label = _("Digests of what is new") if found.kind == DIGEST else NoticeKind(found.kind).label
    context = {"label": label, "is_done": request.method == "POST"}
    return render(request, "alerting/unsubscribe.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def watch(request: HttpRequest, slug: str) -> HttpResponseBase:
    """The button alone for scripts, a page with it for everybody else."""
    user_id = request.user.pk
    market = market_detail(slug)
    if market is None or user_id is None or market.status == "draft":
        raise Http404
    if request.method == "POST":
        try:
            if request.POST.get("watch") == "yes":
                watch_market(user_id=user_id, market_id=market.id)
            else:
                unwatch_market(user_id=user_id, market_id=market.id)
        except WatchRefused as error:
            messages.error(request, words_of(error))
    context = {"market": market, "is_watched": is_watched(user_id, market.id)}
    is_part = request.headers.get("X-Requested-With") == "fetch"
    if request.method == "POST" and not is_part:
        return redirect("trading:market", slug=slug)
    return render(request, "alerting/_watch.html" if is_part else "alerting/watch.html", context)


@require_safe
@login_required
def watched(request: HttpRequest) -> HttpResponse:
    assert request.user.pk is not None
    context = {
        "watched": watchlist(request.user.pk),
        "topics": followed_subjects(request.user.pk, SubjectKind.TOPIC),
        "series": followed_subjects(request.user.pk, SubjectKind.SERIES),
        "current_topic": None,
    }
    return render(request, "alerting/watchlist.html", context)
