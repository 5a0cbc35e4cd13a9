"""Business figures, as JSON."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from analytics.business.engine.recommendations import Recommendation
from analytics.business.engine.retention import Cohort, mean_curve
from analytics.business.models import Reconciliation
from analytics.business.selectors.comebacks import Lifecycle, Step
from analytics.business.selectors.insights import Insight
from analytics.business.selectors.outlook import Outlook
from analytics.business.selectors.quality import Calibration
from analytics.business.selectors.revenue import Line, Revenue
from analytics.business.selectors.rhythm import WEEKDAYS, Peaks, PopularMarket, Segment
from analytics.business.selectors.site_days import KeyFigure
from analytics.business.selectors.values import exact
from analytics.business.types import Dimension, Metric, MetricRow
from common.clock import rfc3339
from common.money import format_cash
from monitoring.forecasting.selectors.daily import DailyForecast


def metric_document(metric: Metric) -> dict[str, Any]:
    return {
        "name": metric.name,
        "title": metric.title,
        "formula": metric.formula,
        "unit": metric.unit,
        "grain": metric.grain,
        "owner": metric.owner,
        "source": metric.source,
        "dimensions": list(metric.dimensions),
    }


def row_document(metric: Metric, row: MetricRow, names: Sequence[Dimension]) -> dict[str, Any]:
    by = {name.value: value for name, value in zip(names, row.dimensions, strict=True)}
    return {"start": row.start.isoformat(), "dimensions": by, "value": exact(metric, row.value)}


def key_figure_document(one: KeyFigure) -> dict[str, Any]:
    metric = one.metric
    return {
        "metric": metric.name,
        "title": metric.title,
        "unit": metric.unit,
        "value": exact(metric, one.value),
        "before": exact(metric, one.before),
        "change": _rounded(one.change),
        "days": [exact(metric, value) for value in one.days],
    }


def line_document(metric: Metric, rows: Iterable[MetricRow]) -> dict[str, Any]:
    points = [{"start": row.start.isoformat(), "value": exact(metric, row.value)} for row in rows]
    return {"metric": metric.name, "title": metric.title, "unit": metric.unit, "points": points}


def popular_document(one: PopularMarket) -> dict[str, Any]:
    return {
        "market_id": one.market_id,
        "slug": one.slug,
        "question": one.question,
        "topic": one.topic,
        "status": one.status,
        "trades": one.trades,
        "volume": format_cash(one.volume),
        "traders": one.traders,
    }


def peaks_document(one: Peaks) -> dict[str, Any]:
    by_day = dict(zip(WEEKDAYS, (list(row) for row in one.grid), strict=True))
    return {"weekday": one.weekday, "hour_utc": one.hour, "trades_by_hour": by_day}


def segment_document(one: Segment) -> dict[str, Any]:
    return {
        "group": one.group,
        "name": one.name,
        "title": one.title,
        "traders": one.traders,
        "volume": format_cash(one.volume),
        "fees": format_cash(one.fees),
        "part": _rounded(one.part),
    }


def retention_document(grid: Sequence[Cohort]) -> dict[str, Any]:
    cohorts = [
        {"start": one.start.isoformat(), "size": one.size, "cells": [_rounded(cell) for cell in one.cells]}
        for one in grid
    ]
    return {"cohorts": cohorts, "mean": [_rounded(cell) for cell in mean_curve(grid)]}


def lifecycle_document(one: Lifecycle) -> dict[str, Any]:
    return {
        "start": one.start.isoformat(),
        "active": one.active,
        "new": one.new,
        "returning": one.returning,
        "resurrecting": one.resurrecting,
        "dormant": one.dormant,
    }


def step_document(one: Step) -> dict[str, Any]:
    part = one.count / one.of if one.of else None
    return {"name": one.name, "title": one.title, "count": one.count, "of": one.of, "part": _rounded(part)}


def calibration_document(one: Calibration) -> dict[str, Any]:
    bins = [
        {"low": b.low, "high": b.high, "count": b.count, "forecast": _rounded(b.forecast),
         "happened": _rounded(b.happened)}
        for b in one.bins
    ]  # fmt: skip
    return {"bins": bins, "error": _rounded(one.error), "outcomes": one.count}


def revenue_document(one: Revenue, by_topic: Sequence[tuple[str, int]]) -> dict[str, Any]:
    return {
        "net": format_cash(one.net),
        "fee_yield": _rounded(one.fee_yield),
        "unexplained": format_cash(one.unexplained),
        "sources": [_amount_document(line) for line in one.sources],
        "flows": [_amount_document(line) for line in one.flows],
        "by_topic": [{"topic": topic, "amount": format_cash(amount)} for topic, amount in by_topic],
    }


def reconciliation_document(one: Reconciliation | None) -> dict[str, Any] | None:
    if one is None:
        return None
    return {"at": rfc3339(one.at), "difference": format_cash(one.difference), "lines": one.lines}


def outlook_document(one: Outlook) -> dict[str, Any]:
    return {
        "metric": one.metric.name,
        "title": one.metric.title,
        "unit": one.metric.unit,
        "days": len(one.past),
        "daily": [_forecast_document(one.metric, forecast) for forecast in one.daily],
        "next_seven_days": _forecast_document(one.metric, one.week) if one.week else None,
        "reason": one.reason or None,
    }


def insight_document(one: Insight) -> dict[str, Any]:
    return {
        "metric": one.metric.name,
        "text": one.text,
        "before": exact(one.metric, one.before),
        "now": exact(one.metric, one.now),
        "t": _rounded(one.t),
        "link": f"/business/rows?metric={one.metric.name}",
    }


def recommendation_document(one: Recommendation) -> dict[str, Any]:
    market = one.candidate
    return {
        "market_id": market.market_id,
        "slug": market.slug,
        "question": market.question,
        "topic": market.topic,
        "score": _rounded(one.score),
        "reasons": list(one.reasons),
    }


def span_document(start: date, end: date) -> dict[str, str]:
    """``end`` is the first day that isn't counted any more."""
    return {"start": start.isoformat(), "end": end.isoformat()}


def _amount_document(line: Line) -> dict[str, Any]:
    return {"metric": line.metric.name, "title": line.metric.title, "amount": format_cash(line.amount)}


def _forecast_document(metric: Metric, one: DailyForecast) -> dict[str, Any]:
    return {
        "days_ahead": one.days_ahead,
        "value": exact(metric, float(one.value)),
        "interval_80": [exact(metric, float(one.low_80)), exact(metric, float(one.high_80))],
        "interval_95": [exact(metric, float(one.low_95)), exact(metric, float(one.high_95))],
        "model": one.model,
        "skill": _rounded(one.skill),
        "seasonal_skill": _rounded(one.seasonal_skill),
        "tries": one.tries,
        "is_hidden": one.is_hidden,
    }


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 6)
