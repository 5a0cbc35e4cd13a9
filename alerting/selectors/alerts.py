"""Alerts and incidents for lists and pages, newest first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from django.db.models import Count, Q

from alerting.errors import AlertNotFound
from alerting.models import Alert, Incident, TimelineEntry
from common import clock
from common.paging import Page, cut, decode_cursor

LINES_MAX: Final = 500
ALERTS_MAX: Final = 500


@dataclass(frozen=True, slots=True)
class IncidentView:
    """An incident with its alerts and its timeline, oldest first."""

    incident: Incident
    alerts: Sequence[Alert]
    timeline: Sequence[TimelineEntry]


def alert_page(
    *, only_firing: bool = False, severity: int = 0, rule_id: int | None = None, limit: int = 100, cursor: str = ""
) -> Page[Alert]:
    """``severity`` is the least one.

    Raises: CursorInvalid
    """
    rows = Alert.objects.order_by("-started_at", "-pk")
    if only_firing:
        rows = rows.filter(ended_at=None)
    if severity:
        rows = rows.filter(severity__gte=severity)
    if rule_id is not None:
        rows = rows.filter(rule_id=rule_id)
    if cursor:
        rows = rows.filter(_before("alerts", cursor))
    return cut(list(rows[: limit + 1]), limit=limit, kind="alerts", keys=lambda one: (str(one.started_at), one.pk))


def incident_page(*, status: str = "", limit: int = 100, cursor: str = "") -> Page[Incident]:
    """With ``count`` of alerts and ``firing`` of those that still fire; ``status`` open means not resolved.

    Raises: CursorInvalid
    """
    rows = Incident.objects.select_related("cause").order_by("-started_at", "-pk")
    if status == "active":
        rows = rows.filter(ended_at=None)
    elif status:
        rows = rows.filter(status=status)
    if cursor:
        rows = rows.filter(_before("incidents", cursor))
    found = list(rows[: limit + 1])
    _count(found)
    return cut(found, limit=limit, kind="incidents", keys=lambda one: (str(one.started_at), one.pk))


def alert_named(alert_id: int) -> Alert:
    """Raises: AlertNotFound"""
    found = Alert.objects.select_related("incident").filter(pk=alert_id).first()
    if found is None:
        raise AlertNotFound("List them with GET intelligent-alerting/alerts.")
    return found


def incident_view(incident_id: int) -> IncidentView:
    """Raises: AlertNotFound"""
    incident = Incident.objects.select_related("cause").filter(pk=incident_id).first()
    if incident is None:
        raise AlertNotFound("List them with GET intelligent-alerting/incidents.")
    _count([incident])
    alerts = Alert.objects.filter(incident=incident).select_related("rule").order_by("started_at", "pk")[:ALERTS_MAX]
    lines = TimelineEntry.objects.filter(incident=incident).order_by("at", "pk")[:LINES_MAX]
    return IncidentView(incident, list(alerts), list(lines))


def alert_timeline(alert_id: int) -> list[TimelineEntry]:
    return list(TimelineEntry.objects.filter(alert_id=alert_id).order_by("at", "pk")[:LINES_MAX])


def similar_incidents(incident: Incident, *, limit: int = 5) -> list[Incident]:
    """Former ones that began with the same rule, newest first."""
    if incident.cause is None:
        return []
    since = clock.now() - timedelta(days=90)
    rows = Incident.objects.filter(cause__rule_name=incident.cause.rule_name, started_at__gte=since)
    return list(rows.exclude(pk=incident.pk).order_by("-started_at")[:limit])


def _count(incidents: Sequence[Incident]) -> None:
    counts = (
        Alert.objects.filter(incident__in=incidents)
        .values_list("incident_id")
        .annotate(known=Count("pk"), firing=Count("pk", filter=Q(ended_at=None)))
    )
    known = {row[0]: row[1:] for row in counts}
    for one in incidents:
        one.count, one.firing = known.get(one.pk, (0, 0))


def _before(kind: str, cursor: str) -> Q:
    started_at, number = decode_cursor(kind, cursor, (str, int))
    return Q(started_at__lt=started_at) | Q(started_at=started_at, pk__lt=number)
