"""News about a market, for the marks of its price chart."""

from typing import Final

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from accounts.services import limits
from analytics.market_ai.web.insight_panel import reader_of
from analytics.sentiment.selectors.articles import ArticleView, articles_about
from common.caching.memory_cache import memory_cache
from common.clock import rfc3339
from trading.selectors.market_detail import market_detail

AGE_S: Final = 30.0
_MARKS: Final = 50


@require_safe
def news_marks(request: HttpRequest, slug: str) -> HttpResponse:
    """Headlines with the moment when the site knew of them; 404 for what isn't published."""
    verdict = limits.take([(limits.PAGES, reader_of(request))])
    if not verdict.is_allowed:
        return HttpResponse(status=429, headers={"Retry-After": str(int(verdict.retry_after_s) + 1)})
    market = market_detail(slug)
    if market is None or market.status == "draft":
        raise Http404
    marks = [
        {"at": rfc3339(article.known_at), "kind": "news", "text": f"{article.feed}: {article.title}"}
        for article in _articles(market.id)
    ]
    return JsonResponse({"marks": marks})


@memory_cache(AGE_S, entries_max=500)
def _articles(market_id: int) -> tuple[ArticleView, ...]:
    return articles_about(market_id, limit=_MARKS)
