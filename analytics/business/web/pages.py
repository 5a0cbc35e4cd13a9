"""Pages for managers. First paint holds every figure; only the lines of charts are drawn by the script."""

from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from analytics.business.selectors import comebacks, outlook, quality, revenue, rhythm
from analytics.business.selectors.comebacks import CohortBy, ReturnEvent
from analytics.business.selectors.insights import insights
from analytics.business.selectors.ranges import RANGES, RangeQuery, range_of
from analytics.business.selectors.recommendations import recommendations
from analytics.business.selectors.rows import today
from analytics.business.selectors.site_days import key_figures
from analytics.business.types import Grain
from analytics.business.web import views_of
from analytics.business.web.accounts import AccountQuery, account_query, account_table, comparison
from analytics.business.web.figures import card, chart, chart_data, fact, rows_href
from analytics.business.web.rows import UNEXPLAINED, RowsQuery, Table, rows_query, table
from common.api.access import BUSINESS, READ
from common.api.page_views import ApiPageView
from common.errors import DomainError
from common.problem_words import words_of
from trading.selectors.market_around import chosen_markets

#: Rows of the home page.
_SHELF: Final = 5
_QUALITY: Final = (
    "spread", "depth_1", "depth_5", "depth_10", "price_impact", "brier", "log_loss", "hours_to_resolve",
    "markets_resolved", "disputes", "dispute_rate", "wash_share",
)  # fmt: skip
_OVERVIEW: Final = {"volume": ["volume"], "people": ["dau", "wau", "mau"], "revenue": ["fee_revenue", "maker_result"]}
_MARKETS: Final = {"trades": ["trades", "orders"], "opened": ["markets_opened", "markets_resolved"]}
_TRADERS: Final = {"people": ["dau", "wau", "mau"], "joined": ["sign_ups", "first_orders", "first_fills"]}
_REVENUE: Final = {"fees": ["taker_fees", "maker_fees"], "net": ["net_revenue"]}
_COHORTS: Final = {"weeks": (Grain.WEEK, 12), "months": (Grain.MONTH, 12)}


@dataclass(frozen=True, slots=True)
class BusinessContext:
    """What every page has; ``data`` is drawn by the script, the rest is the page's own."""

    tab: str
    asked: RangeQuery
    ranges: tuple[str, ...]
    data: dict[str, Any]
    own: dict[str, Any]


class OverviewPage(ApiPageView):
    access = BUSINESS

    def get(self, request: HttpRequest) -> HttpResponse:
        asked = _asked(request)
        lines, data = chart_data(_OVERVIEW, asked)
        own = {
            "cards": [card(one, asked) for one in key_figures(end=asked.end, span_days=asked.days)],
            "charts": [
                chart("volume", "Volume", _OVERVIEW["volume"], lines, asked),
                chart("people", "Active people", _OVERVIEW["people"], lines, asked),
                chart("revenue", "Revenue", _OVERVIEW["revenue"], lines, asked),
            ],
            "insights": insights(end=today(), span_days=asked.days),
            "outlooks": views_of.outlooks(outlook.outlooks(today=today()), today()),
            "reconciliation": comparison(revenue.newest_reconciliation()),
            "days": views_of.day_table(("volume", "trades", "dau", "sign_ups", "fee_revenue"), asked),
        }
        return _page(request, "overview", asked, data, own)


class MarketsPage(ApiPageView):
    access = BUSINESS

    def get(self, request: HttpRequest) -> HttpResponse:
        asked = _asked(request)
        span = {"start": asked.start, "end": asked.end}
        lines, data = chart_data(_MARKETS, asked)
        own = {
            "charts": [
                chart("trades", "Trades and orders", _MARKETS["trades"], lines, asked),
                chart("opened", "Markets opened and resolved", _MARKETS["opened"], lines, asked),
            ],
            "quality": views_of.facts(_QUALITY, asked),
            "popular": rhythm.popular_markets(start=asked.start, end=asked.end),
            "topics": views_of.topics(rhythm.topic_segments(**span), asked),
            "peaks": views_of.heat(rhythm.peaks(**span), asked),
            "calibration": views_of.calibration(quality.calibration(**span), asked),
        }
        return _page(request, "markets", asked, data, own)


class TradersPage(ApiPageView):
    access = BUSINESS

    def get(self, request: HttpRequest) -> HttpResponse:
        asked = _asked(request)
        span = {"start": asked.start, "end": asked.end}
        lines, data = chart_data(_TRADERS, asked)
        by_kind = rhythm.segments(**span)
        own = {
            "charts": [
                chart("people", "Active people", _TRADERS["people"], lines, asked),
                chart("joined", "New people", _TRADERS["joined"], lines, asked),
            ],
            "facts": views_of.facts(("active_traders", "sign_ups", "first_orders", "stickiness", "orders"), asked),
            "funnel": views_of.funnel(comebacks.funnel(**span, today=today()), asked),
            "segments": views_of.groups([by_kind[name] for name in rhythm.SEGMENTS], asked),
            "patterns": views_of.groups([by_kind[name] for name in rhythm.PATTERNS], asked),
        }
        return _page(request, "traders", asked, data, own)


class RevenuePage(ApiPageView):
    access = BUSINESS

    def get(self, request: HttpRequest) -> HttpResponse:
        asked = _asked(request)
        span = {"start": asked.start, "end": asked.end}
        lines, data = chart_data(_REVENUE, asked)
        found = revenue.revenue(**span)
        foreseen = [one for one in outlook.outlooks(today=today()) if one.metric.name == "fee_revenue"]
        own = {
            "charts": [
                chart("net", "Net revenue", _REVENUE["net"], lines, asked),
                chart("fees", "Fees by who paid", _REVENUE["fees"], lines, asked),
            ],
            "sources": views_of.amounts(found.sources, asked),
            "flows": views_of.amounts(found.flows, asked),
            "net": views_of.exact_fact("net_revenue", found.net, asked),
            "unexplained": views_of.exact_words(found.unexplained),
            "unexplained_href": rows_href("net_revenue", asked.start, asked.end, only=UNEXPLAINED),
            "fee_yield": fact("fee_yield", found.fee_yield, asked),
            "topics": views_of.topic_amounts(revenue.revenue_by_topic(**span), asked),
            "reconciliation": comparison(revenue.newest_reconciliation()),
            "outlooks": views_of.outlooks(foreseen, today()),
            "days": views_of.day_table(("fee_revenue", "taker_fees", "maker_fees", "maker_result"), asked),
        }
        return _page(request, "revenue", asked, data, own)


class RetentionPage(ApiPageView):
    access = BUSINESS

    def get(self, request: HttpRequest) -> HttpResponse:
        asked = _asked(request)
        by = _choice(request, "by", CohortBy, CohortBy.JOINED)
        event = _choice(request, "event", ReturnEvent, ReturnEvent.ORDER)
        every = request.GET.get("every") if request.GET.get("every") in _COHORTS else "weeks"
        grain, count = _COHORTS[every or "weeks"]
        start = views_of.periods_back(today(), grain, count)
        grid = comebacks.retention(start=start, end=asked.end, grain=grain, by=by, event=event, today=today())
        own = {
            "grid": views_of.retention(grid, grain, by=by, event=event),
            "lifecycle": views_of.lifecycle(
                comebacks.lifecycle(start=start, end=asked.end, grain=grain, today=today()), grain
            ),
            "choices": views_of.cohort_choices(by=by, event=event, every=every or "weeks"),
        }
        return _page(request, "retention", asked, {}, own)


class RowsPage(ApiPageView):
    access = BUSINESS

    def get(self, request: HttpRequest) -> HttpResponse:
        try:
            asked = rows_query(request)
            return _rows(request, asked, table(asked))
        except DomainError as refusal:
            return _no_rows(request, refusal)


class AccountRowsPage(ApiPageView):
    """The ledger behind the comparison with it."""

    access = BUSINESS

    def get(self, request: HttpRequest) -> HttpResponse:
        try:
            asked = account_query(request)
            return _rows(request, asked, account_table(asked))
        except DomainError as refusal:
            return _no_rows(request, refusal)


def _rows(request: HttpRequest, asked: RowsQuery | AccountQuery, found: Table) -> HttpResponse:
    kept = {name: value for name, value in request.GET.items() if name != "cursor"}
    more = f"?{urlencode(kept | {'cursor': found.next_cursor})}" if found.next_cursor else ""
    context = {"asked": asked, "table": found, "more": more, "first": f"?{urlencode(kept)}"}
    return render(request, "analytics/business/rows.html", context)


def _no_rows(request: HttpRequest, refusal: DomainError) -> HttpResponse:
    return render(request, "analytics/business/rows.html", {"refusal": words_of(refusal)}, status=refusal.status)


class ForYouPage(ApiPageView):
    """For every trader: markets they may like, with the reasons."""

    access = READ

    def get(self, request: HttpRequest) -> HttpResponse:
        user_id: int = request.api_caller.user_id  # type: ignore[attr-defined]
        found = recommendations(user_id=user_id, today=today(), limit=12)
        is_shelf = request.headers.get("X-Requested-With") == "fetch"
        if is_shelf:
            found = found[:_SHELF]
        cards = chosen_markets([one.candidate.market_id for one in found])
        rows = [(one, cards.get(one.candidate.market_id)) for one in found]
        template = "analytics/business/_for_you_rows.html" if is_shelf else "analytics/business/for_you.html"
        return render(request, template, {"recommendations": rows})


def _asked(request: HttpRequest) -> RangeQuery:
    """An unknown range of an old link shows the usual one."""
    name = request.GET.get("range", "30d")
    return range_of(name if name in RANGES else "30d")


def _choice(request: HttpRequest, name: str, kind: Any, default: Any) -> Any:
    value = request.GET.get(name, "")
    return kind(value) if value in tuple(kind) else default


def _page(request: HttpRequest, tab: str, asked: RangeQuery, data: dict[str, Any], own: dict[str, Any]) -> HttpResponse:
    context = BusinessContext(tab, asked, tuple(RANGES), data, own)
    return render(request, f"analytics/business/{tab}.html", {"page": context})
