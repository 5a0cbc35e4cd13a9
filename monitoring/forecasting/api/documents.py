"""What was found, as JSON."""

from datetime import datetime
from typing import Any

from common.clock import rfc3339
from monitoring.engine.catalogue import CATALOGUE
from monitoring.forecasting.models import Anomaly, Insight, Prediction
from monitoring.forecasting.selectors.findings import Summary


def summary_document(summary: Summary) -> dict[str, Any]:
    return {
        "is_on": summary.is_on,
        "watched_at": _moment(summary.watched_at),
        "forecast_at": _moment(summary.forecast_at),
        "series": summary.series,
        "stuck": list(summary.stuck),
        "anomalies_24h": summary.anomalies_24h,
        "predictions": summary.predictions,
        "predictions_shown": summary.shown,
        "most_unusual": [{"metric_name": name, "count": count} for name, count in summary.worst],
    }


def prediction_document(one: Prediction) -> dict[str, Any]:
    spec = CATALOGUE.get(one.name)
    return {
        "metric_name": one.name,
        "unit": spec.unit if spec else "",
        "horizon_min": one.horizon_min,
        "made_at": rfc3339(one.made_at),
        "for_at": rfc3339(one.for_at),
        "value": one.value,
        "interval_80": [one.low_80, one.high_80],
        "interval_95": [one.low_95, one.high_95],
        "model": one.model,
        "skill": one.skill,
        "seasonal_skill": one.seasonal_skill,
        "error": one.error,
        "naive_error": one.naive_error,
        "trend_r2": one.r2,
        "tries": one.origins,
        "is_hidden": one.is_hidden,
    }


def anomaly_document(one: Anomaly) -> dict[str, Any]:
    return {
        "id": one.pk,
        "metric_name": one.name,
        "at": rfc3339(one.at),
        "value": one.value,
        "expected": one.expected,
        "severity": one.severity,
        "threshold": one.threshold,
        "lasted_min": one.lasted_min,
        "verdict": one.verdict,
        "judged_at": _moment(one.judged_at),
    }


def insight_document(one: Insight) -> dict[str, Any]:
    return {
        "title": one.title,
        "advice": one.advice,
        "anomaly": anomaly_document(one.anomaly),
        "evidence": one.evidence,
    }


def _moment(moment: datetime | None) -> str | None:
    return None if moment is None else rfc3339(moment)
