"""Series of events: the list of them, one with its events in time order, and what its keepers may do."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_http_methods, require_safe

from common.client_ip import client_ip
from common.errors import DomainError
from common.paging import CursorInvalid, Page
from common.problem_words import words_of
from markets.services.place_event import place_event, take_event_out
from markets.services.save_series import create_series, edit_series
from trading.selectors.market_around import event_markets
from trading.selectors.market_cards import MarketCard
from trading.selectors.series import (
    EventView,
    SeriesView,
    coming_events,
    past_events,
    placed_events,
    results_of,
    series_of_slug,
    series_page,
)
from trading.web.browsing import CardView, card_views
from trading.web.limits import limited
from trading.web.series_forms import CADENCES, EventForm, SeriesForm

_PAGE: Final = 30
_PAST: Final = 12
_MAY_MAKE: Final = "markets.add_market"
_MAY_OPERATE: Final = "markets.operate_market"


@dataclass(frozen=True, slots=True)
class PastEvent:
    event: EventView
    cards: tuple[MarketCard, ...]
    more: int


@dataclass(frozen=True, slots=True)
class SeriesContext:
    """``current`` is the next event to end, or the last that did; empty before the series has one."""

    series: SeriesView
    cadence: str | Promise
    current: EventView | None
    cards: tuple[CardView, ...]
    is_over: bool
    coming: tuple[EventView, ...]
    past: tuple[PastEvent, ...]
    next_cursor: str | None
    may_change: bool


@gzip_page
@require_safe
@limited
def series_list(request: HttpRequest) -> HttpResponse:
    page, _ = _or_beginning(lambda cursor: series_page(limit=_PAGE, cursor=cursor), request)
    rows = [(row, CADENCES.get(row.series.cadence, row.series.cadence)) for row in page.items]
    context = {"rows": rows, "next_cursor": page.next_cursor, "may_make": _may(request, _MAY_MAKE)}
    return render(request, "trading/series_list.html", context | {"current_topic": None})


@gzip_page
@require_safe
@limited
def series(request: HttpRequest, slug: str) -> HttpResponse:
    """What takes place now with its markets side by side, what comes next, and the results of the past."""
    found = _series_or_404(slug)
    return render(request, "trading/series.html", {"page": _context(request, found), "current_topic": None})


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@limited
def new_series(request: HttpRequest) -> HttpResponse:
    if not _may(request, _MAY_MAKE):
        raise PermissionDenied
    form = SeriesForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            made = create_series(creator_id=_user_id(request), spec=form.spec(), ip=client_ip(request))
        except DomainError as refusal:
            _add_refusal(form, refusal)
        else:
            messages.success(request, gettext("The series has begun. Put its first event into it."))
            return redirect("trading:series-edit", slug=made.slug)
    context = {"form": form, "series": None, "current_topic": None}
    return render(request, "trading/series_edit.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@limited
def change_series(request: HttpRequest, slug: str) -> HttpResponse:
    """Change what is said of it; put an event into it, or take one out."""
    found = _series_or_404(slug)
    if not _may_change(request, found):
        raise PermissionDenied
    act = request.POST.get("act", "") if request.method == "POST" else ""
    form = SeriesForm(request.POST if act == "save" else None, initial=_initial(found))
    event_form = EventForm(request.POST if act == "place" else None)
    if act and _changed(request, slug, act, form, event_form):
        return redirect("trading:series-edit", slug=slug)
    context = {
        "form": form,
        "event_form": event_form,
        "series": found,
        "events": placed_events(found.id),
        "current_topic": None,
    }
    return render(request, "trading/series_edit.html", context, status=422 if act else 200)


def _changed(request: HttpRequest, slug: str, act: str, form: SeriesForm, event_form: EventForm) -> bool:
    """Whether it was done; else a form says why not."""
    by: dict[str, Any] = {"slug": slug, "actor_id": _user_id(request), "ip": client_ip(request)}
    if act == "save" and form.is_valid() and _is_done(form, lambda: edit_series(spec=form.spec(), **by)):
        messages.success(request, gettext("The series is changed."))
        return True
    if act == "place" and event_form.is_valid():
        event = event_form.cleaned_data["event"]
        if _is_done(event_form, lambda: place_event(event=event, **by)):
            messages.success(request, gettext("“%(event)s” is in the series.") % {"event": event})
            return True
    if act == "out":
        event = request.POST.get("event", "").replace("\0", "")
        try:
            take_event_out(event=event, **by)
        except DomainError as refusal:
            messages.error(request, words_of(refusal))
        else:
            messages.success(request, gettext("“%(event)s” is out of the series.") % {"event": event})
        return True
    return False


def _is_done(form: SeriesForm | EventForm, act: Callable[[], object]) -> bool:
    """Whether ``act`` was done; else its refusal was put beside the field that it names."""
    try:
        act()
    except DomainError as refusal:
        _add_refusal(form, refusal)
        return False
    return True


def _add_refusal(form: SeriesForm | EventForm, refusal: DomainError) -> None:
    name = refusal.errors[0].pointer.strip("/") if refusal.errors else ""
    form.add_error(name if name in form.fields else None, words_of(refusal))


def _context(request: HttpRequest, found: SeriesView) -> SeriesContext:
    coming = coming_events(found.id)
    past, is_first = _or_beginning(lambda cursor: past_events(found.id, limit=_PAST, cursor=cursor), request)
    current = coming[0] if coming else (past.items[0] if past.items and is_first else None)
    cards = event_markets(current.name) if current is not None else ()
    over = [one for one in past.items if one != current]
    results = results_of(over)
    return SeriesContext(
        series=found,
        cadence=CADENCES.get(found.cadence, found.cadence),
        current=current,
        cards=card_views(cards),
        is_over=not coming,
        coming=coming[1:],
        past=tuple(PastEvent(one, results[one.name], one.markets - len(results[one.name])) for one in over),
        next_cursor=past.next_cursor,
        may_change=_may_change(request, found),
    )


def _or_beginning(pages: Callable[[str | None], Page[Any]], request: HttpRequest) -> tuple[Page[Any], bool]:
    """The page that was asked for, and whether it is the first."""
    cursor = request.GET.get("cursor") or None
    try:
        return pages(cursor), cursor is None
    except CursorInvalid:
        # An old or mangled link still shows something useful: the beginning.
        return pages(None), True


def _series_or_404(slug: str) -> SeriesView:
    found = series_of_slug(slug)
    if found is None:
        raise Http404
    return found


def _initial(found: SeriesView) -> dict[str, str]:
    return {"name": found.name, "description": found.description, "cadence": found.cadence}


def _may_change(request: HttpRequest, found: SeriesView) -> bool:
    is_own = request.user.is_authenticated and request.user.pk == found.creator_id
    return (is_own and _may(request, _MAY_MAKE)) or _may(request, _MAY_OPERATE)


def _may(request: HttpRequest, permission: str) -> bool:
    return request.user.is_authenticated and request.user.has_perm(permission)


def _user_id(request: HttpRequest) -> int:
    assert request.user.pk is not None, "login_required stands before"
    return request.user.pk
