"""What was found, newest first, and what is expected."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db.models import Count, Q

from common import clock
from monitoring.engine.insights import Insight as Sentence
from monitoring.forecasting.models import AnalyticsSwitch, Anomaly, Insight, Prediction, Verdict, WatchedSeries
from monitoring.forecasting.selectors.switch import is_on_in

#: Anomalies that are judged normal aren't told in the dashboards; older ones neither.
_PANEL_SPAN: Final = timedelta(hours=2)
_PANEL_MAX: Final = 4


@dataclass(frozen=True, slots=True)
class Summary:
    is_on: bool
    watched_at: datetime | None
    forecast_at: datetime | None
    series: int
    stuck: Sequence[str]
    anomalies_24h: int
    predictions: int
    shown: int
    worst: Sequence[tuple[str, int]]


def summary() -> Summary:
    """How analytics stand, and which series were unusual within a day."""
    row = AnalyticsSwitch.objects.filter(pk=1).first()
    day = Anomaly.objects.filter(at__gte=clock.now() - timedelta(days=1)).exclude(verdict=Verdict.NORMAL)
    told = Prediction.objects.aggregate(all=Count("pk"), shown=Count("pk", filter=Q(is_hidden=False)))
    worst = day.values_list("name").annotate(count=Count("id")).order_by("-count", "name")[:5]
    return Summary(
        is_on=is_on_in(row),
        watched_at=row.watched_at if row else None,
        forecast_at=row.forecast_at if row else None,
        series=WatchedSeries.objects.count(),
        stuck=list(WatchedSeries.objects.filter(is_stuck=True).order_by("name").values_list("name", flat=True)),
        anomalies_24h=day.count(),
        predictions=told["all"],
        shown=told["shown"],
        worst=list(worst),
    )


def predictions(*, names: Sequence[str] = (), with_hidden: bool = False) -> list[Prediction]:
    """The newest of each series and horizon; those without skill only when asked for."""
    found = Prediction.objects.order_by("name", "horizon_min")
    found = found.filter(name__in=names) if names else found
    return list(found if with_hidden else found.filter(is_hidden=False))


def anomalies(*, name: str = "", since: datetime, limit: int) -> list[Anomaly]:
    found = Anomaly.objects.filter(at__gte=since)
    return list((found.filter(name=name) if name else found).order_by("-at", "-id")[:limit])


def insights(*, name: str = "", since: datetime, limit: int) -> list[Insight]:
    """Without those whose anomaly was judged to be none."""
    found = Insight.objects.select_related("anomaly").filter(anomaly__at__gte=since)
    found = found.exclude(anomaly__verdict=Verdict.NORMAL)
    return list((found.filter(anomaly__name=name) if name else found).order_by("-anomaly__at", "-id")[:limit])


def insights_page(*, since: datetime, verdicts: Sequence[Verdict], limit: int) -> list[Insight]:
    """The newest first, judged ones too, as ``verdicts`` say."""
    found = Insight.objects.select_related("anomaly").filter(anomaly__at__gte=since, anomaly__verdict__in=verdicts)
    return list(found.order_by("-anomaly__at", "-id")[:limit])


def panel_insights() -> list[Sentence]:
    """What the insights panels of the dashboards show: the newest of the last two hours."""
    found = insights(since=clock.now() - _PANEL_SPAN, limit=_PANEL_MAX)
    return [Sentence("warning", one.title, _detail(one), one.anomaly.name) for one in found]


def _detail(insight: Insight) -> str:
    moved = ", ".join(entry["series"] for entry in insight.evidence["moved_with"])
    events = "; ".join(entry["title"] for entry in insight.evidence["events"])
    parts = [
        f"At {insight.anomaly.at:%H:%M} UTC.",
        f"With it moved {moved}." if moved else "",
        f"Near it: {events}." if events else "",
        insight.advice,
    ]
    return " ".join(part for part in parts if part)
