"""Start or stop watching; the tasks of the schedule follow within a minute, and a restart changes nothing."""

from django.db import transaction

from common import clock
from common.audit import record_audit
from monitoring.forecasting.models import AnalyticsSwitch
from monitoring.forecasting.selectors.switch import is_watching


def switch_analytics(*, is_on: bool, actor_id: int) -> bool:
    """Idempotent.

    Returns: whether it was otherwise before
    """
    with transaction.atomic():
        AnalyticsSwitch.objects.get_or_create(pk=1)
        row = AnalyticsSwitch.objects.select_for_update().get(pk=1)
        before = is_watching()
        if row.is_on == is_on:
            return False
        row.is_on, row.changed_at = is_on, clock.now()
        row.save(update_fields=["is_on", "changed_at"])
        if before == is_on:
            return False
        action = "analytics.start" if is_on else "analytics.stop"
        record_audit(actor_id=actor_id, action=action, target=row, before={"is_on": before}, after={"is_on": is_on})
        return True
