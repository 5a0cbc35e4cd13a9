"""The statement about an anomaly, with what it rests on."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from common.clock import rfc3339
from monitoring.engine.catalogue import CATALOGUE
from monitoring.engine.insights import shown
from monitoring.forecasting.engine.findings import advice, headline, related
from monitoring.forecasting.models import Anomaly, Insight
from monitoring.selectors.event_markers import event_markers

BEFORE: Final = timedelta(minutes=60)
_NEAR: Final = timedelta(minutes=15)
_AFTER: Final = timedelta(minutes=2)


def insight_of(anomaly: Anomaly, start: datetime, past: Mapping[str, Sequence[float | None]]) -> Insight:
    """Unsaved. ``past`` are the minutes of all series in the hour up to the anomaly, from ``start``."""
    spec = CATALOGUE.get(anomaly.name)
    title = anomaly.name if spec is None else spec.title
    value, expected = _shown(anomaly.name, anomaly.value), _shown(anomaly.name, anomaly.expected)
    moved = related(anomaly.name, past) if anomaly.name in past else []
    near = event_markers(start=anomaly.at - _NEAR, end=anomaly.at + _AFTER, limit=5)
    evidence: dict[str, Any] = {
        "start": rfc3339(start),
        "step_s": 60,
        "values": list(past.get(anomaly.name, ())),
        "moved_with": [{"series": name, "correlation": strength} for name, strength in moved],
        "events": [{"at": rfc3339(event.at), "kind": event.kind, "title": event.title} for event in near],
    }
    return Insight(
        anomaly=anomaly,
        title=headline(title, value, expected, anomaly.value > anomaly.expected)[:200],
        advice=advice("custom" if spec is None else spec.group),
        evidence=evidence,
    )


def _shown(name: str, value: float) -> str:
    spec = CATALOGUE.get(name)
    return f"{value:,.6g}" if spec is None else shown(spec, value)
