"""Alerts for the panels of the dashboards."""

from datetime import datetime

from django.db.models import Q

from alerting.models import Alert
from alerting.selectors.switch import is_alerting_on
from alerting.types import Severity
from monitoring.types import AlertLine, AlertPanel


def panel_alerts(*, start: datetime, end: datetime, limit: int) -> AlertPanel:
    """Those that fired within the time: first what still fires, then the newest."""
    rows = Alert.objects.filter(started_at__lt=end).filter(Q(ended_at=None) | Q(ended_at__gte=start))
    found = [*rows.filter(ended_at=None).order_by("-severity", "-started_at")[:limit]]
    found += rows.filter(ended_at__isnull=False).order_by("-started_at")[: limit - len(found)]
    return AlertPanel(is_alerting_on(), tuple(_line(row) for row in found))


def _line(row: Alert) -> AlertLine:
    where = next((row.labels[name] for name in ("process", "route") if row.labels.get(name)), "")
    return AlertLine(
        id=row.pk,
        at=row.started_at,
        severity=Severity(row.severity).name.lower(),
        title=row.rule_name + (f" ({where})" if where else ""),
        detail=row.reason,
        series=row.series,
        state="resolved" if row.ended_at else row.state,
    )
