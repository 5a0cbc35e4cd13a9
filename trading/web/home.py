"""The home page: markets as cards, found by search, topic, state and order."""

from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from common.paging import CursorInvalid, Page
from trading.selectors.market_cards import MarketCard, MarketFilter, MarketSort, OutcomeView, market_cards
from trading.selectors.shared_lists import front_page, search_page
from trading.selectors.sparklines import sparklines
from trading.selectors.topics import TopicView, topics
from trading.web.drawing import Line, sparkline
from trading.web.limits import limited

PAGE_SIZE: Final = 24
_BARS: Final = 3
_QUERY_MAX: Final = 100
SORTS: Final = {
    "trending": (MarketSort.VOLUME_24H, "Trending"),
    "newest": (MarketSort.NEWEST, "Newest"),
    "closing": (MarketSort.CLOSING, "Closing soon"),
    "traded": (MarketSort.VOLUME, "Most traded"),
}
STATES: Final = {"open": "Open", "resolved": "Resolved", "all": "All"}


@dataclass(frozen=True, slots=True)
class Choice:
    """One link of a filter bar."""

    label: str
    href: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class CardView:
    market: MarketCard
    spark: Line | None
    bars: tuple[OutcomeView, ...]
    more_outcomes: int


@dataclass(frozen=True, slots=True)
class HomeContext:
    heading: str
    search_query: str
    current_topic: str
    sorts: tuple[Choice, ...]
    states: tuple[Choice, ...]
    cards: tuple[CardView, ...]
    next_href: str


@require_safe
@limited
def home(request: HttpRequest) -> HttpResponse:
    asked = _asked(request)
    page = _page(asked, request.GET.get("cursor"))
    context = _context(asked, page, topics() if asked["topic"] else ())
    return render(
        request, "trading/home.html", {"page": context, "search_query": asked["q"], "current_topic": asked["topic"]}
    )


def _asked(request: HttpRequest) -> dict[str, str]:
    """The page's address, with every value one that the page knows."""
    sort, state = request.GET.get("sort", "trending"), request.GET.get("state", "open")
    return {
        "q": request.GET.get("q", "").replace("\0", "").strip()[:_QUERY_MAX],
        "topic": request.GET.get("topic", "").replace("\0", "")[:60],
        "sort": sort if sort in SORTS else "trending",
        "state": state if state in STATES else "open",
    }


def _page(asked: dict[str, str], cursor: str | None) -> Page[MarketCard]:
    status = "" if asked["state"] == "all" else asked["state"]
    sort = SORTS[asked["sort"]][0]
    if cursor is not None:
        wanted = MarketFilter(q=asked["q"], topic=asked["topic"], status=status)
        try:
            return market_cards(wanted, sort=sort, limit=PAGE_SIZE, cursor=cursor)
        except CursorInvalid:
            # An old or mangled link still shows something useful: the beginning.
            pass
    if asked["q"]:
        return search_page(asked["q"], sort, asked["topic"], status, PAGE_SIZE)
    return front_page(sort, asked["topic"], status, PAGE_SIZE)


def _context(asked: dict[str, str], page: Page[MarketCard], known_topics: tuple[TopicView, ...]) -> HomeContext:
    histories = sparklines([card.id for card in page.items if card.is_binary])
    name = next((topic.name for topic in known_topics if topic.slug == asked["topic"]), asked["topic"])
    return HomeContext(
        heading=f"Results for “{asked['q']}”" if asked["q"] else name or "Markets",
        search_query=asked["q"],
        current_topic=asked["topic"],
        sorts=tuple(Choice(label, _href(asked, sort=key), key == asked["sort"]) for key, (_, label) in SORTS.items()),
        states=tuple(Choice(label, _href(asked, state=key), key == asked["state"]) for key, label in STATES.items()),
        cards=tuple(_card(card, sparkline(histories.get(card.id))) for card in page.items),
        next_href=_href(asked, cursor=page.next_cursor) if page.next_cursor else "",
    )


def _card(market: MarketCard, spark: Line | None) -> CardView:
    ranked = sorted(market.outcomes, key=lambda outcome: -(outcome.price or 0))
    bars = () if market.is_binary else tuple(ranked[:_BARS])
    return CardView(market, spark, bars, len(market.outcomes) - len(bars))


def _href(asked: dict[str, str], **changed: str) -> str:
    usual = {"sort": "trending", "state": "open"}
    merged = {key: value for key, value in (asked | changed).items() if value and usual.get(key) != value}
    return f"/?{urlencode(merged)}" if merged else "/"
