"""Atom feeds: new markets, of all topics, of one or of a series, and the comments of a market.

Contract   An answer with an ETag of its content, so that a reader who has it gets 304. Only what everybody may read.
"""

import hashlib
from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final

from django.contrib.syndication.views import Feed
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response
from django.utils.feedgenerator import Atom1Feed
from django.views.decorators.http import require_safe

from markets.selectors.comments import CommentView, comment_threads
from trading.selectors.market_cards import MarketCard, MarketFilter, market_cards
from trading.selectors.market_detail import MarketDetail
from trading.selectors.series import SeriesView, series_of_slug
from trading.selectors.topics import TopicView, topics
from trading.web.limits import limited
from trading.web.market import access_market

ITEMS: Final = 30
_TITLE: Final = "Opinion Market"


class MarketsFeed(Feed):  # type: ignore[type-arg]
    feed_type = Atom1Feed

    def get_object(
        self, request: HttpRequest, *args: Any, slug: str = "", series: str = "", **kwargs: Any
    ) -> TopicView | SeriesView | None:
        if series:
            return _series_or_404(series)
        # An unknown topic has no market; its feed is empty until it has one.
        return next((one for one in topics() if one.slug == slug), TopicView(0, slug, slug)) if slug else None

    def title(self, obj: TopicView | SeriesView | None) -> str:
        if isinstance(obj, SeriesView):
            return f"{_TITLE}: {obj.name}"
        return f"{_TITLE}: new markets" + (f" on {obj.name}" if obj else "")

    def subtitle(self, obj: TopicView | SeriesView | None) -> str:
        return "Questions as they are opened, with the price when you read."

    def link(self, obj: TopicView | SeriesView | None) -> str:
        if isinstance(obj, SeriesView):
            return f"/series/{obj.slug}"
        return f"/topics/{obj.slug}" if obj else "/"

    def items(self, obj: TopicView | SeriesView | None) -> Iterable[MarketCard]:
        if isinstance(obj, SeriesView):
            return market_cards(MarketFilter(series=obj.slug), limit=ITEMS).items
        return market_cards(MarketFilter(topic=obj.slug if obj else ""), limit=ITEMS).items

    def item_title(self, item: MarketCard) -> str:
        return item.question

    def item_description(self, item: MarketCard) -> str:
        return f"{item.topic_name}. Closes on {item.closes_at:%d %B %Y}."

    def item_link(self, item: MarketCard) -> str:
        return f"/markets/{item.slug}"

    def item_pubdate(self, item: MarketCard) -> datetime:
        return item.opened_at or item.created_at


class CommentsFeed(Feed):  # type: ignore[type-arg]
    feed_type = Atom1Feed

    def get_object(self, request: HttpRequest, *args: Any, slug: str, **kwargs: Any) -> MarketDetail:
        return access_market(request, slug)

    def title(self, obj: MarketDetail) -> str:
        return f"Comments: {obj.question}"

    def link(self, obj: MarketDetail) -> str:
        return f"/markets/{obj.slug}"

    def items(self, obj: MarketDetail) -> Iterable[CommentView]:
        return [one for one in comment_threads(obj.id, limit=ITEMS).items if one.is_shown]

    def item_title(self, item: CommentView) -> str:
        return f"{item.author} wrote"

    def item_description(self, item: CommentView) -> str:
        return item.html

    def item_link(self, item: CommentView) -> str:
        return f"/markets/{item.market_slug}#comment-{item.id}"

    def item_author_name(self, item: CommentView) -> str:
        return item.author

    def item_pubdate(self, item: CommentView) -> datetime:
        return item.created_at


_MARKETS, _COMMENTS = MarketsFeed(), CommentsFeed()


@require_safe
@limited
def markets_feed(request: HttpRequest, slug: str = "", series: str = "") -> HttpResponse:
    return _conditional(request, _MARKETS(request, slug=slug, series=series))


@require_safe
@limited
def comments_feed(request: HttpRequest, slug: str) -> HttpResponse:
    return _conditional(request, _COMMENTS(request, slug=slug))


def _series_or_404(slug: str) -> SeriesView:
    found = series_of_slug(slug)
    if found is None:
        raise Http404
    return found


def _conditional(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    response.headers["ETag"] = etag = f'"{hashlib.sha256(response.content).hexdigest()[:32]}"'
    response.headers["Cache-Control"] = "public, max-age=60"
    answer = get_conditional_response(request, etag=etag, response=response)
    assert isinstance(answer, HttpResponse)
    return answer
