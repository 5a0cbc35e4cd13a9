"""Start and stop looking at rules."""

from django.db import transaction

from alerting.models import AlertingEngine
from alerting.selectors.switch import settings_of
from common import clock
from common.audit import record_audit
from monitoring.services.record_event import record_event


def switch_alerting(*, actor_id: int, is_on: bool, ip: str = "") -> bool:
    """It lasts until the other, whatever restarts; doing it twice changes nothing. A start looks at once.

    Returns: whether it changed
    """
    with transaction.atomic():
        AlertingEngine.objects.get_or_create(pk=1)
        row = AlertingEngine.objects.select_for_update().get(pk=1)
        before = settings_of(row).is_on
        row.is_on = is_on
        if before == is_on:
            row.save(update_fields=["is_on"])
            return False
        row.changed_at, row.next_at = clock.now(), None
        row.save(update_fields=["is_on", "changed_at", "next_at"])
        action = "alerting.started" if is_on else "alerting.stopped"
        record_audit(
            actor_id=actor_id, action=action, target=row, before={"is_on": before}, after={"is_on": is_on}, ip=ip
        )
        record_event(kind="alert", title="Alerting was started" if is_on else "Alerting was stopped")
    return True
