"""What was going on around an incident: the series of its alerts, what happened near it, and who was told."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from alerting.engine.expressions import read_expression
from alerting.errors import RuleInvalid
from alerting.models import Alert
from alerting.selectors.alerts import IncidentView
from alerting.selectors.schedules import RunRow, runs_of_incident
from common import clock
from monitoring.selectors.event_markers import EventMarker, event_markers
from monitoring.selectors.series_specs import series_specs

BEFORE: Final = timedelta(minutes=45)
AFTER: Final = timedelta(minutes=30)
CHARTS_MAX: Final = 6


@dataclass(frozen=True, slots=True)
class IncidentFacts:
    """``charts`` name what the script draws, each with the levels of its rule."""

    charts: list[dict[str, Any]]
    events: Sequence[EventMarker]
    runs: Sequence[RunRow]
    lasted_s: float
    start: datetime
    end: datetime


def incident_facts(view: IncidentView) -> IncidentFacts:
    incident, now = view.incident, clock.now()
    start = incident.started_at - BEFORE
    end = min(now, (incident.ended_at or now) + AFTER)
    # A long incident is shown from its beginning.
    end = min(end, incident.started_at + timedelta(hours=12))
    charts: dict[tuple[str, str], dict[str, Any]] = {}
    for alert in view.alerts:
        for name, dimension in _series(alert):
            if len(charts) < CHARTS_MAX:
                charts.setdefault((name, dimension), _chart(alert, name, dimension, start, end))
    events = event_markers(start=incident.started_at - timedelta(hours=1), end=incident.started_at, limit=20)
    return IncidentFacts(
        charts=list(charts.values()),
        events=events,
        runs=runs_of_incident(incident.pk),
        lasted_s=((incident.ended_at or now) - incident.started_at).total_seconds(),
        start=start,
        end=end,
    )


def _series(alert: Alert) -> list[tuple[str, str]]:
    place = next((f"{name}:{alert.labels[name]}" for name in ("process", "route") if alert.labels.get(name)), "")
    try:
        names = read_expression(alert.rule.document["expression"]).names if alert.rule else (alert.series,)
    except (RuleInvalid, KeyError):
        names = (alert.series,)
    return [(name, place) for name in names if name in series_specs()]


def _chart(alert: Alert, name: str, dimension: str, start: datetime, end: datetime) -> dict[str, Any]:
    spec = series_specs()[name]
    document = alert.rule.document if alert.rule else {}
    is_plain = document.get("expression") == name and document.get("condition") in ("gt", "ge", "lt", "le")
    levels = document.get("levels", {}) if is_plain else {}
    return {
        "series": name,
        "dimension": dimension,
        "title": spec.title + (f" · {dimension.partition(':')[2]}" if dimension else ""),
        "unit": spec.unit,
        "decimals": spec.decimals,
        "levels": {level: bound for level, bound in levels.items() if isinstance(bound, int | float)},
        "start": start.timestamp(),
        "end": end.timestamp(),
        "from": alert.started_at.timestamp(),
        "until": alert.ended_at.timestamp() if alert.ended_at else None,
    }
