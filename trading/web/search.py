"""What the search field shows while somebody types: a fragment, and on its own a page that works without scripts."""

from dataclasses import dataclass
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from trading.selectors.market_search import QUERY_MIN, Suggestion, suggestions
from trading.selectors.series import SeriesView, known_series
from trading.selectors.topics import TopicView, topics
from trading.web.limits import limited_suggestions

_QUERY_MAX: Final = 100
_TOPICS: Final = 3
_SERIES: Final = 3


@dataclass(frozen=True, slots=True)
class SearchPart:
    q: str
    topics: tuple[TopicView, ...]
    series: tuple[SeriesView, ...]
    markets: tuple[Suggestion, ...]


@require_safe
@limited_suggestions
def search_suggestions(request: HttpRequest) -> HttpResponse:
    """Markets, topics and series for an unfinished search."""
    q = request.GET.get("q", "").replace("\0", "").strip()[:_QUERY_MAX]
    folded = q.casefold()
    is_asked = len(q) >= QUERY_MIN
    known = (one for one in topics() if one.name.casefold().startswith(folded)) if is_asked else ()
    lines = (one for one in known_series() if folded in one.name.casefold()) if is_asked else ()
    part = SearchPart(q, tuple(known)[:_TOPICS], tuple(lines)[:_SERIES], suggestions(q))
    return render(request, "trading/_search_suggestions.html", {"part": part})
