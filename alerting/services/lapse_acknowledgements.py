"""Open incidents again whose acknowledgement has run out; their escalations begin again by themselves."""

from django.db import transaction

from alerting.events import AlertsChanged
from alerting.models import Alert, EntryKind, Incident, IncidentStatus, TimelineEntry
from common import clock
from common.bus import publish_on_commit


def lapse_acknowledgements() -> int:
    """Returns: how many ran out"""
    now = clock.now()
    due = Incident.objects.filter(ended_at=None, acknowledged_until__isnull=False, acknowledged_until__lte=now)
    if not due.exists():
        return 0
    with transaction.atomic():
        rows = list(due.select_for_update(skip_locked=True))
        for row in rows:
            text = f"The acknowledgement of {row.acknowledged_by} ran out."
            row.status, row.acknowledged_by, row.acknowledged_at = IncidentStatus.OPEN, "", None
            row.acknowledged_until = None
            row.save(update_fields=["status", "acknowledged_by", "acknowledged_at", "acknowledged_until"])
            Alert.objects.filter(incident=row, ended_at=None).update(acknowledged_by="", acknowledged_at=None)
            TimelineEntry.objects.create(at=now, kind=EntryKind.LAPSED, text=text, incident=row)
        publish_on_commit(AlertsChanged(len(rows)))
    return len(rows)
