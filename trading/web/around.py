"""What stands around a market: holders and neighbours, events side by side, and what a chart marks."""

from dataclasses import dataclass
from itertools import groupby
from typing import Any, Final

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from common.clock import rfc3339
from common.languages import outcome_word
from markets.selectors.comments import comment_threads
from trading.selectors.fills import fills
from trading.selectors.market_around import Holder, event_markets, holders, neighbours
from trading.selectors.market_cards import MarketCard
from trading.selectors.market_detail import MarketDetail
from trading.selectors.series import SeriesView, series_of_event
from trading.web.browsing import CardView, card_views
from trading.web.limits import limited
from trading.web.market import access_market

_OUTCOMES: Final = 2
_MARKS: Final = 50
_EXCERPT: Final = 80


@dataclass(frozen=True, slots=True)
class AroundContext:
    market: MarketDetail
    holders: tuple[tuple[str, tuple[Holder, ...]], ...]
    neighbours: tuple[MarketCard, ...]


@dataclass(frozen=True, slots=True)
class EventContext:
    name: str
    series: SeriesView | None
    cards: tuple[CardView, ...]
    volume: int
    #: Whether the markets are all of the yes-or-no kind, whose chances can be compared.
    is_comparable: bool


@gzip_page
@require_safe
@limited
def market_around(request: HttpRequest, slug: str) -> HttpResponse:
    """Holders and related markets: a part of the market page for scripts, a page of its own without them."""
    detail = access_market(request, slug)
    ranked = sorted(detail.outcomes, key=lambda outcome: -(outcome.price or 0))
    shown = detail.outcomes if detail.is_binary else ranked[:_OUTCOMES]
    held = holders(detail.id, tuple(outcome.index for outcome in shown))
    grouped = tuple((outcome_word(name), tuple(rows)) for name, rows in groupby(held, key=lambda one: one.outcome_name))
    context = AroundContext(detail, grouped, neighbours(detail.id))
    is_fragment = request.headers.get("X-Requested-With") == "fetch"
    template = "trading/_market_around.html" if is_fragment else "trading/market_around.html"
    return render(request, template, {"page": context, "market": detail, "current_topic": detail.topic})


@gzip_page
@require_safe
@limited
def market_marks(request: HttpRequest, slug: str) -> HttpResponse:
    """The reader's own trades and the newest comments, for the chart."""
    detail = access_market(request, slug)
    marks: list[dict[str, Any]] = [
        {"at": rfc3339(one.created_at), "kind": "comment", "text": f"{one.author}: {one.plain[:_EXCERPT]}"}
        for one in comment_threads(detail.id, limit=_MARKS).items
        if one.is_shown
    ]
    if request.user.is_authenticated:
        assert request.user.pk is not None
        marks += [
            {
                "at": rfc3339(fill.created_at),
                "kind": fill.side,
                "outcome": fill.outcome_slug,
                "quantity": fill.quantity,
                "price": fill.price,
            }
            for fill in fills(request.user.pk, market_id=detail.id, limit=_MARKS).items
        ]
    return JsonResponse({"marks": marks}, headers={"Cache-Control": "no-store"})


@gzip_page
@require_safe
@limited
def event(request: HttpRequest, name: str) -> HttpResponse:
    """The markets of one event beside each other, or 404."""
    found = event_markets(name)
    if not found:
        raise Http404
    context = EventContext(
        name=name,
        series=series_of_event(name),
        cards=card_views(found),
        volume=sum(card.volume for card in found),
        is_comparable=all(card.is_binary for card in found),
    )
    return render(request, "trading/event.html", {"page": context, "current_topic": found[0].topic})
