"""What whoever holds a link may know of an alert."""

from dataclasses import dataclass
from datetime import datetime

from alerting.models import Alert
from alerting.types import Severity


@dataclass(frozen=True, slots=True)
class AlertFact:
    name: str
    severity: str
    reason: str
    started_at: datetime
    is_open: bool
    acknowledged_by: str


def alert_fact(alert_id: int) -> AlertFact | None:
    row = Alert.objects.select_related("incident").filter(pk=alert_id).first()
    if row is None:
        return None
    by = row.acknowledged_by or (row.incident.acknowledged_by if row.incident else "")
    severity = Severity(row.severity).name.lower()
    return AlertFact(row.rule_name, severity, row.reason, row.started_at, row.ended_at is None, by)
