"""What the model says of a market beside its price, and what stands out: a part of the market page.

Contract   Nothing to say answers 204, and the page shows nothing: a cold market gets no guess.
"""

from dataclasses import dataclass
from typing import Final

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.services import limits
from analytics.market_ai.engine.insights import Insight
from analytics.market_ai.selectors.insights_market import MarketInsights, market_insights
from analytics.market_ai.selectors.predictions import MarketForecast, market_prediction
from common.caching.memory_cache import memory_cache
from common.client_ip import client_network
from common.languages import outcome_word
from trading.selectors.market_detail import market_id_of

AGE_S: Final = 15.0
_OUTCOMES_MAX: Final = 5
_WIDTH: Final = 100.0


@dataclass(frozen=True, slots=True)
class EstimateRow:
    """Shares of 100, for words and for a bar that is 100 wide."""

    name: str
    price: float
    estimate: float
    low: float
    high: float

    @property
    def width(self) -> float:
        return round(self.high - self.low, 1)


@require_safe
def insight_panel(request: HttpRequest, slug: str) -> HttpResponse:
    verdict = limits.take([(limits.PAGES, reader_of(request))])
    if not verdict.is_allowed:
        return HttpResponse(status=429, headers={"Retry-After": str(int(verdict.retry_after_s) + 1)})
    market_id = market_id_of(slug)
    found = None if market_id is None else _insights(market_id)
    if market_id is None or found is None or found.market.status == "draft":
        raise Http404
    forecast = market_prediction(market_id)
    rows = _rows(found, forecast)
    if not rows and not found.insights:
        return HttpResponse(status=204)
    return render(
        request,
        "analytics/_insight_panel.html",
        {"market": found.market, "rows": rows, "forecast": forecast, "insights": _shown(found), "asked": found.asked},
    )


@memory_cache(AGE_S, entries_max=2_000)
def _insights(market_id: int) -> MarketInsights | None:
    return market_insights(market_id)


def _shown(found: MarketInsights) -> list[Insight]:
    return list(found.insights[:_OUTCOMES_MAX])


def _rows(found: MarketInsights, forecast: MarketForecast | None) -> list[EstimateRow]:
    """Of yes, or of the likeliest outcomes; a market that has ended needs no estimate."""
    if forecast is None or forecast.is_cold or found.market.status not in ("open", "halted"):
        return []
    outcomes = found.market.outcomes[:1] if found.market.is_binary else found.market.outcomes
    rows = [
        EstimateRow(
            name=outcome_word(outcome.name),
            price=_percent((outcome.price or 0) / 1_000_000),
            estimate=_percent(told.probability),
            low=_percent(told.low),
            high=_percent(told.high),
        )
        for outcome, told in zip(outcomes, forecast.outcomes, strict=False)
    ]
    return sorted(rows, key=lambda row: -row.estimate)[:_OUTCOMES_MAX]


def _percent(share: float) -> float:
    return round(share * _WIDTH, 1)


def reader_of(request: HttpRequest) -> str:
    return f"user:{request.user.pk}" if request.user.is_authenticated else f"address:{client_network(request)}"
