"""An anomaly as a page shows it: words, and the hour before as a line in SVG."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from monitoring.engine.catalogue import CATALOGUE
from monitoring.engine.insights import shown
from monitoring.forecasting.models import Anomaly, Insight, Verdict

WIDTH: Final = 600
HEIGHT: Final = 80
_INSET: Final = 6


@dataclass(frozen=True, slots=True)
class Drawing:
    """``line`` is the path of the values, ``expected_y`` the height of what was expected; the dot is the anomaly."""

    line: str
    expected_y: float
    dot_x: float
    dot_y: float


@dataclass(frozen=True, slots=True)
class Moved:
    title: str
    correlation: float
    way: str


@dataclass(frozen=True, slots=True)
class AnomalyView:
    id: int
    name: str
    title: str
    at: datetime
    ended_at: datetime
    lasted_min: int
    headline: str
    advice: str
    value: str
    expected: str
    severity: float
    threshold: float
    verdict: str
    verdict_words: str
    judged_at: datetime | None
    moved: tuple[Moved, ...]
    events: tuple[dict[str, Any], ...]
    drawing: Drawing | None
    #: A quarter of an hour before, and as long after, in seconds since 1970: where the dashboard shows it.
    window: tuple[int, int]


def anomaly_view(insight: Insight) -> AnomalyView:
    anomaly = insight.anomaly
    spec = CATALOGUE.get(anomaly.name)
    begin, end = anomaly.at - timedelta(minutes=45), anomaly.ended_at + timedelta(minutes=15)
    return AnomalyView(
        id=anomaly.pk,
        name=anomaly.name,
        title=anomaly.name if spec is None else spec.title,
        at=anomaly.at,
        ended_at=anomaly.ended_at,
        lasted_min=anomaly.lasted_min,
        headline=insight.title,
        advice=insight.advice,
        value=_shown(anomaly, anomaly.value),
        expected=_shown(anomaly, anomaly.expected),
        severity=anomaly.severity,
        threshold=anomaly.threshold,
        verdict=anomaly.verdict,
        verdict_words=Verdict(anomaly.verdict).label,
        judged_at=anomaly.judged_at,
        moved=tuple(_moved(entry) for entry in insight.evidence["moved_with"]),
        events=tuple(insight.evidence["events"]),
        drawing=drawing(insight.evidence["values"], anomaly.expected),
        window=(int(begin.timestamp()), int(end.timestamp())),
    )


def drawing(values: Sequence[float | None], expected: float) -> Drawing | None:
    """None when there are not two values to draw a line through; the last value is the anomaly's."""
    known = [(place, value) for place, value in enumerate(values) if value is not None]
    if len(known) < 2:
        return None
    low = min(expected, *(value for _, value in known))
    high = max(expected, *(value for _, value in known))
    wide = max(len(values) - 1, 1)

    def x(place: int) -> float:
        return round(_INSET + place / wide * (WIDTH - 2 * _INSET), 1)

    def y(value: float) -> float:
        share = (value - low) / (high - low) if high > low else 0.5
        return round(HEIGHT - _INSET - share * (HEIGHT - 2 * _INSET), 1)

    parts, before = [], -2
    for place, value in known:
        parts.append(f"{'L' if place == before + 1 else 'M'}{x(place)} {y(value)}")
        before = place
    return Drawing("".join(parts), y(expected), x(known[-1][0]), y(known[-1][1]))


def _shown(anomaly: Anomaly, value: float) -> str:
    spec = CATALOGUE.get(anomaly.name)
    return f"{value:,.6g}" if spec is None else shown(spec, value)


def _moved(entry: dict[str, Any]) -> Moved:
    spec = CATALOGUE.get(entry["series"])
    way = "with it" if entry["correlation"] > 0 else "against it"
    return Moved(entry["series"] if spec is None else spec.title, entry["correlation"], way)
