"""A trader's page, following them, and what one's own page shows."""

from dataclasses import dataclass
from typing import Final

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST

from analytics.skill.selectors.profiles import Person, SaidComment, TrackRecord, comments_of, person, track_record
from analytics.skill.services.follow_trader import follow_trader, unfollow_trader
from analytics.skill.services.save_profile import ABOUT_MAX, save_profile
from analytics.skill.web.drawing import Curve, History, curve, history
from common.api.access import PUBLIC
from common.api.page_views import ApiPageView
from common.errors import DomainError
from common.problem_words import words_of
from trading.selectors.fills import FillView, fills
from trading.selectors.positions import PositionView, positions

_TRADES: Final = 10
_POSITIONS: Final = 10
_RESULTS: Final = 12


@dataclass(frozen=True, slots=True)
class TraderContext:
    """Without ``record`` the profile is private and somebody else's."""

    person: Person
    is_own: bool
    record: TrackRecord | None
    curve: Curve | None
    history: History | None
    positions: tuple[PositionView, ...]
    trades: tuple[FillView, ...]
    comments: tuple[SaidComment, ...]

    @property
    def results(self) -> tuple[object, ...]:
        return self.record.results[:_RESULTS] if self.record else ()


class TraderPage(ApiPageView):
    access = PUBLIC

    def get(self, request: HttpRequest, handle: str) -> HttpResponse:
        found = person(handle, viewer_id=request.user.pk)
        if found is None:
            raise Http404
        if found.handle != handle:
            return redirect("skill:trader", handle=found.handle)
        is_own = found.id == request.user.pk
        context = _shown(found, is_own) if is_own or not found.is_private else _hidden(found)
        return render(request, "skill/trader.html", {"page": context, "current_topic": None})


def _shown(found: Person, is_own: bool) -> TraderContext:
    record = track_record(found.id, found.handle)
    return TraderContext(
        person=found,
        is_own=is_own,
        record=record,
        curve=curve(record.bins),
        history=history(record.history),
        positions=tuple(positions(found.id, limit=_POSITIONS)),
        trades=fills(found.id, limit=_TRADES).items,
        comments=comments_of(found.id),
    )


def _hidden(found: Person) -> TraderContext:
    return TraderContext(found, False, None, None, None, (), (), ())


@require_POST
@login_required
def follow(request: HttpRequest, handle: str) -> HttpResponse:
    found = person(handle, viewer_id=request.user.pk)
    if found is None:
        raise Http404
    assert request.user.pk is not None
    try:
        if request.POST.get("intent") == "unfollow":
            unfollow_trader(follower_id=request.user.pk, trader_id=found.id)
        else:
            follow_trader(follower_id=request.user.pk, trader_id=found.id)
    except DomainError as refusal:
        messages.error(request, words_of(refusal))
    return redirect("skill:trader", handle=found.handle)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def own_profile(request: HttpRequest) -> HttpResponse:
    """What others see of oneself."""
    found = person(request.user.get_username())
    assert found is not None
    about, refusal = found.about, ""
    if request.method == "POST":
        about = request.POST.get("about", "")
        try:
            save_profile(user_id=found.id, is_private=request.POST.get("is_private") == "on", about=about)
        except DomainError as error:
            refusal = words_of(error)
        else:
            messages.success(request, gettext("Your profile is saved."))
            return redirect("skill:own-profile")
    context = {"person": found, "about": about, "about_max": ABOUT_MAX, "refusal": refusal, "current_topic": None}
    return render(request, "skill/own_profile.html", context, status=422 if refusal else 200)
