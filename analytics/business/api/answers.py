"""Whole answers, kept for some seconds: whoever asks within them gets the same.

Bound      ``KEPT_S`` seconds; the rollups themselves are renewed each 20 s.
"""

from datetime import date, timedelta
from typing import Any, Final

from analytics.business.api import documents
from analytics.business.selectors import comebacks, outlook, quality, revenue, rhythm
from analytics.business.selectors.catalogue import metric
from analytics.business.selectors.comebacks import CohortBy, ReturnEvent
from analytics.business.selectors.insights import insights
from analytics.business.selectors.metric_rows import metric_rows
from analytics.business.selectors.ranges import RANGES, range_of
from analytics.business.selectors.site_days import key_figures
from analytics.business.types import Grain
from common.caching.memory_cache import memory_cache

KEPT_S: Final = 15
GROWTH: Final = ("volume", "trades", "orders", "sign_ups", "first_orders", "markets_opened")
ENGAGEMENT: Final = ("dau", "wau", "mau", "stickiness", "active_traders")
QUALITY: Final = (
    "spread", "depth_1", "depth_5", "depth_10", "price_impact", "brier", "log_loss", "hours_to_resolve", "disputes",
    "dispute_rate", "wash_share",
)  # fmt: skip
REVENUE: Final = ("fee_revenue", "maker_result", "net_revenue")
COHORT_WEEKS: Final = 12
RATINGS: Final = {"is_available": False, "reason": "Nobody rates markets on this site, so there is nothing to tell."}

Document = dict[str, Any]


@memory_cache(KEPT_S)
def key_figure_answer(name: str, day: date) -> Document:
    """``day`` is today, so that an answer isn't kept over midnight; so in all of these."""
    asked = range_of(name)
    figures = key_figures(end=asked.end, span_days=asked.days)
    return _span(name) | {"items": [documents.key_figure_document(one) for one in figures]}


@memory_cache(KEPT_S)
def dashboard_answer(name: str, day: date) -> Document:
    asked = range_of(name)
    popular = rhythm.popular_markets(start=asked.start, end=asked.end, limit=5)
    return {
        **key_figure_answer(name, day),
        "insights": _insights(asked.end, asked.days),
        "popular": [documents.popular_document(one) for one in popular],
        "peaks": documents.peaks_document(rhythm.peaks(start=asked.start, end=asked.end)),
        "reconciliation": documents.reconciliation_document(revenue.newest_reconciliation()),
    }


@memory_cache(KEPT_S)
def market_answer(name: str, grain: Grain, day: date) -> Document:
    asked = range_of(name)
    span = {"start": asked.start, "end": asked.end}
    by_kind, popular = rhythm.segments(**span), rhythm.popular_markets(start=asked.start, end=asked.end)
    return {
        **_span(name),
        "grain": grain,
        "growth": _lines(GROWTH, asked.start, asked.end, grain),
        "engagement": _lines(ENGAGEMENT, asked.start, asked.end, grain),
        "market_quality": _lines(QUALITY, asked.start, asked.end, grain),
        "calibration": documents.calibration_document(quality.calibration(**span)),
        "retention": retention_answer(day),
        "lifecycle": [
            documents.lifecycle_document(one) for one in comebacks.lifecycle(**span, grain=Grain.WEEK, today=day)
        ],
        "funnel": [documents.step_document(one) for one in comebacks.funnel(**span, today=day)],
        "peaks": documents.peaks_document(rhythm.peaks(**span)),
        "popular": [documents.popular_document(one) for one in popular],
        "segments": [
            documents.segment_document(one)
            for group in (*(by_kind[name] for name in rhythm.SEGMENTS), rhythm.topic_segments(**span))
            for one in group
        ],
        "patterns": [documents.segment_document(one) for name in rhythm.PATTERNS for one in by_kind[name]],
        "ratings": RATINGS,
    }


@memory_cache(KEPT_S)
def retention_answer(day: date) -> Document:
    start = day - timedelta(weeks=COHORT_WEEKS)
    grid = comebacks.retention(
        start=start, end=day, grain=Grain.WEEK, by=CohortBy.JOINED, event=ReturnEvent.ORDER, today=day
    )
    facts = {"cohort_by": CohortBy.JOINED, "return_event": ReturnEvent.ORDER, "grain": Grain.WEEK}
    return facts | documents.retention_document(grid)


@memory_cache(KEPT_S)
def revenue_answer(name: str, grain: Grain, day: date) -> Document:
    asked = range_of(name)
    span = {"start": asked.start, "end": asked.end}
    foreseen = next(one for one in outlook.outlooks(today=day) if one.metric.name == "fee_revenue")
    return {
        **_span(name),
        "grain": grain,
        **documents.revenue_document(revenue.revenue(**span), revenue.revenue_by_topic(**span)),
        "lines": _lines(REVENUE, asked.start, asked.end, grain),
        "forecast": documents.outlook_document(foreseen),
        "reconciliation": documents.reconciliation_document(revenue.newest_reconciliation()),
    }


@memory_cache(KEPT_S)
def predictive_answer(name: str, day: date) -> Document:
    found = [documents.outlook_document(one) for one in outlook.outlooks(today=day)]
    return _span(name) | {"items": found, "insights": _insights(day, RANGES[name])}


def _insights(end: date, days: int) -> list[Document]:
    return [documents.insight_document(one) for one in insights(end=end, span_days=days)]


def _span(name: str) -> Document:
    asked = range_of(name)
    return {"range": name, **documents.span_document(asked.start, asked.end)}


def _lines(names: tuple[str, ...], start: date, end: date, grain: Grain) -> list[Document]:
    return [
        documents.line_document(metric(name), metric_rows(metric=name, start=start, end=end, grain=grain))
        for name in names
    ]
