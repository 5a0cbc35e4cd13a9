"""The lists of markets: the home page with what moves now, search, topics and tags."""

from dataclasses import dataclass
from typing import Final
from urllib.parse import quote

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from common.paging import CursorInvalid, Page
from trading.selectors.market_cards import MarketCard, MarketFilter, market_cards
from trading.selectors.series import known_series
from trading.selectors.shared_lists import (
    MovingNow,
    closing_within,
    filtered_page,
    front_page,
    moving_now,
    search_page,
)
from trading.selectors.topics import topics
from trading.web.browsing import (
    KINDS,
    STATES,
    WITHIN,
    Asked,
    CardView,
    Choice,
    asked_of,
    card_views,
    select_choices,
    sort_choices,
)
from trading.web.limits import limited

PAGE_SIZE: Final = 24


@dataclass(frozen=True, slots=True)
class HomeContext:
    """``moving`` is shown on a front page only, of the site or of a topic; ``filters`` are name, label, options."""

    asked: Asked
    heading: str
    sorts: tuple[Choice, ...]
    filters: tuple[tuple[str, str, tuple[Choice, ...]], ...]
    moving: MovingNow | None
    cards: tuple[CardView, ...]
    next_href: str


@gzip_page
@require_safe
@limited
def home(request: HttpRequest) -> HttpResponse:
    asked = asked_of(request)
    heading = (
        gettext("Results for “%(words)s”") % {"words": asked.q}
        if asked.q
        else _series_name(asked.series) or _topic_name(asked.topic) or asked.topic or gettext("Markets")
    )
    return _list(request, asked, f"{heading} · #{asked.tag}" if asked.tag else heading)


@gzip_page
@require_safe
@limited
def topic(request: HttpRequest, slug: str) -> HttpResponse:
    """A topic of the masthead, or 404."""
    name = _topic_name(slug)
    if not name:
        raise Http404
    return _list(request, asked_of(request, path=f"/topics/{slug}", topic=slug), name)


@gzip_page
@require_safe
@limited
def tag(request: HttpRequest, name: str) -> HttpResponse:
    """Markets with a tag; one that nobody uses is an empty list."""
    return _list(request, asked_of(request, path=f"/tags/{quote(name, safe='')}", tag=name), f"#{name}")


def _series_name(slug: str) -> str:
    return next((one.name for one in known_series() if one.slug == slug), slug) if slug else ""


def _topic_name(slug: str) -> str:
    return next((one.name for one in topics() if one.slug == slug), "") if slug else ""


def _list(request: HttpRequest, asked: Asked, heading: str) -> HttpResponse:
    page = _page(asked, request.GET.get("cursor"))
    is_front = asked.is_front and not asked.tag and "cursor" not in request.GET
    context = HomeContext(
        asked=asked,
        heading=heading,
        sorts=sort_choices(asked),
        filters=(
            ("state", gettext("State"), select_choices(STATES, asked.state)),
            ("kind", gettext("Kind"), select_choices(KINDS, asked.kind)),
            ("within", gettext("Closing"), select_choices(WITHIN, asked.within)),
        ),
        moving=moving_now(asked.topic) if is_front else None,
        cards=card_views(page.items),
        next_href=asked.next_href(page.next_cursor) if page.next_cursor else "",
    )
    names = {"page": context, "search_query": asked.q, "current_topic": asked.topic}
    return render(request, "trading/home.html", names)


def _page(asked: Asked, cursor: str | None) -> Page[MarketCard]:
    wanted = MarketFilter(
        q=asked.q, topic=asked.topic, status=asked.status, tag=asked.tag, kind=asked.kind, series=asked.series
    )
    if cursor is not None:
        try:
            return market_cards(closing_within(wanted, asked.within), sort=asked.order, limit=PAGE_SIZE, cursor=cursor)
        except CursorInvalid:
            # An old or mangled link still shows something useful: the beginning.
            pass
    if asked.tag or asked.kind or asked.within or asked.series:
        return filtered_page(wanted, asked.order, asked.within, PAGE_SIZE)
    if asked.q:
        return search_page(asked.q, asked.order, asked.topic, asked.status, PAGE_SIZE)
    return front_page(asked.order, asked.topic, asked.status, PAGE_SIZE)
