"""Start and stop deciding."""

from django.db import transaction

from common import clock
from common.audit import record_audit
from monitoring.models import EventKind
from monitoring.scaling.models import Switch
from monitoring.services.record_event import record_event


def switch_scaling(*, actor_id: int, is_on: bool, ip: str = "") -> bool:
    """Start or stop; it lasts until the other, whatever restarts. Doing it twice changes nothing.

    Returns: whether it changed
    """
    with transaction.atomic():
        switch, _ = Switch.objects.select_for_update().get_or_create(pk=1)
        before = switch.is_on
        if before == is_on:
            return False
        switch.is_on, switch.changed_at = is_on, clock.now()
        switch.save(update_fields=["is_on", "changed_at"])
        action = "scaling.started" if is_on else "scaling.stopped"
        record_audit(
            actor_id=actor_id, action=action, target=switch, before={"is_on": before}, after={"is_on": is_on}, ip=ip
        )
        record_event(kind=EventKind.SCALING, title="Scaling was started" if is_on else "Scaling was stopped")
    return True
