"""JSON of what was measured."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any, Final

from common import clock
from common.clock import rfc3339
from monitoring.engine.catalogue import CATALOGUE
from monitoring.engine.derive import derive
from monitoring.engine.health import state_of
from monitoring.engine.layout import document_of as panel_document
from monitoring.engine.spans import WEEK_S
from monitoring.selectors.dashboards import DashboardView
from monitoring.selectors.event_markers import EventMarker
from monitoring.selectors.history import History, Line
from monitoring.selectors.overview import Card, Current, Overview
from monitoring.types import AlertPanel, Frame, SeriesSpec, State, Thresholds

Values = Mapping[str, float | None]
SHARE_PAGE: Final = "/api/v1/advanced-dashboard/dashboard/advanced"
#: Beyond what anybody reads; keeps answers short.
_DIGITS: Final = 6


def rounded(value: float | None) -> float | None:
    return None if value is None else round(value, _DIGITS)


def spec_document(spec: SeriesSpec, limits: Thresholds | None) -> dict[str, Any]:
    return {
        "name": spec.name,
        "title": spec.title,
        "unit": spec.unit,
        "group": spec.group,
        "better": spec.better,
        "warn": None if limits is None else limits.warn,
        "critical": None if limits is None else limits.critical,
        "decimals": spec.decimals,
        "help": spec.help,
    }


def series_documents(values: Values, thresholds: Mapping[str, Thresholds]) -> list[dict[str, Any]]:
    """The whole catalogue, each with its value for the site."""
    documents = []
    for spec in CATALOGUE.values():
        value, limits = values.get(spec.name), thresholds.get(spec.name)
        status = state_of(spec.name, value, limits).value
        documents.append(spec_document(spec, limits) | {"value": rounded(value), "status": status})
    return documents


def health_document(values: Values, thresholds: Mapping[str, Thresholds]) -> dict[str, Any]:
    score = values.get("health_score")
    return {"score": score, "status": state_of("health_score", score, thresholds.get("health_score")).value}


def process_document(frame: Frame, now: float) -> dict[str, Any]:
    dimension = f"process:{frame.process}"
    values = {key.name: rounded(value) for key, value in derive([frame]).items() if key.dimension == dimension}
    return {
        "process": frame.process,
        "role": frame.role.value,
        "host": frame.host,
        "pid": frame.pid,
        "started_at": rfc3339(datetime.fromtimestamp(frame.started_at, UTC)),
        "age_s": round(max(now - frame.at, 0.0), 3),
        "values": values,
    }


def current_document(current: Current, thresholds: Mapping[str, Thresholds]) -> dict[str, Any]:
    now = clock.now().timestamp()
    return {
        "seq": None if current.at is None else int(current.at.timestamp()),
        "ts": None if current.at is None else rfc3339(current.at),
        "source": current.source,
        "age_s": rounded(current.age_s),
        "health": health_document(current.values, thresholds),
        "series": series_documents(current.values, thresholds),
        "processes": [process_document(frame, now) for frame in current.frames],
    }


def history_document(found: History, before: History | None) -> dict[str, Any]:
    """``before`` is the same asked of a week earlier."""
    lines = [_line_document(line) for line in found.lines]
    if before is not None:
        for document, line in zip(lines, before.lines, strict=True):
            document["compare"] = {"values": _aligned(line, before, found.times)}
    return {
        "start": rfc3339(found.start),
        "end": rfc3339(found.end),
        "step_s": found.step_s,
        "resolution": found.resolution,
        "aggregate": found.aggregate,
        "times": list(found.times),
        "series": lines,
    }


def marker_document(marker: EventMarker) -> dict[str, Any]:
    return {
        "id": marker.id,
        "at": rfc3339(marker.at),
        "kind": str(marker.kind),
        "title": marker.title,
        "detail": marker.detail,
        "series": marker.series,
    }


def alert_panel_document(panel: AlertPanel) -> dict[str, Any]:
    return {"is_on": panel.is_on, "items": [{**asdict(line), "at": rfc3339(line.at)} for line in panel.lines]}


def summary_document(found: Overview, thresholds: Mapping[str, Thresholds], now: datetime) -> dict[str, Any]:
    at = rfc3339(now)
    insights = [
        {"severity": one.severity, "title": one.title, "detail": one.detail, "series": one.series, "at": at}
        for one in found.insights
    ]
    return {
        "ts": at,
        "source": found.current.source,
        "health": health_document(found.current.values, thresholds),
        "headline": _headline(found, thresholds),
        "cards": [_card_document(card) for card in found.cards],
        "insights": {"is_on": True, "items": insights},
    }


def dashboard_document(found: DashboardView, reader_id: int) -> dict[str, Any]:
    """The link is its owner's to give away: others see only that they read a shared one."""
    is_own = found.owner_id == reader_id
    path = f"{SHARE_PAGE}?shared={found.share_token}" if is_own and found.share_token else None
    return {
        "id": found.id,
        "name": found.name,
        "range": found.span,
        "layout": [panel_document(panel) for panel in found.panels],
        "is_own": is_own,
        "owner": found.owner,
        "share_path": path,
        "created_at": rfc3339(found.created_at),
        "updated_at": rfc3339(found.updated_at),
    }


def _line_document(line: Line) -> dict[str, Any]:
    spec = CATALOGUE[line.key.name]
    return {
        "name": spec.name,
        "dimension": line.key.dimension,
        "title": spec.title,
        "unit": spec.unit,
        "decimals": spec.decimals,
        "values": [rounded(value) for value in line.values],
        "min": [rounded(value) for value in line.min],
        "max": [rounded(value) for value in line.max],
        "anomaly_count": list(line.anomaly_count),
    }


def _aligned(line: Line, before: History, times: Sequence[int]) -> list[float | None]:
    """The values of a week earlier at ``times``; older ones may be kept in longer steps, each then stands for many."""
    if not before.times:
        return [None] * len(times)
    places = ((moment - WEEK_S - before.times[0]) // before.step_s for moment in times)
    return [rounded(line.values[place]) if 0 <= place < len(line.values) else None for place in places]


def _card_document(card: Card) -> dict[str, Any]:
    trend = card.trend
    return {
        "series": card.spec.name,
        "title": card.spec.title,
        "unit": card.spec.unit,
        "decimals": card.spec.decimals,
        "better": card.spec.better,
        "value": rounded(card.value),
        "status": card.state.value,
        "trend": {
            "then": rounded(trend.before),
            "now": rounded(trend.now),
            "change": rounded(trend.change),
            "change_percent": rounded(trend.percent),
            "direction": trend.direction.value,
            "verdict": trend.verdict.value,
        },
        "sparkline": {"times": list(card.times), "values": [rounded(value) for value in card.values]},
    }


def _headline(found: Overview, thresholds: Mapping[str, Thresholds]) -> str:
    """One line that says how the site is."""
    if found.current.source == "none":
        return "Nothing is measured yet."
    past: dict[State, list[str]] = {State.CRITICAL: [], State.WARNING: []}
    for name, value in found.current.values.items():
        state = state_of(name, value, thresholds.get(name))
        if state in past and name != "health_score":
            past[state].append(CATALOGUE[name].title)
    for state, titles in past.items():
        if titles:
            return f"{state.value.capitalize()}: {', '.join(titles)}."
    return "Everything that is measured is within its limits."
