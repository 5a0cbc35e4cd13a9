"""Withhold changes of a target for a while, or let them happen again."""

from datetime import timedelta

from django.db import transaction

from common import clock
from common.audit import record_audit
from monitoring.scaling.errors import ScalingTargetUnknown
from monitoring.scaling.models import ScalingTarget
from monitoring.scaling.types import Pause


def pause_target(
    *, actor_id: int, target: str, pause: Pause, reason: str, duration_s: int, ip: str = ""
) -> ScalingTarget:
    """Withhold every change, those inwards or those outwards for ``duration_s``; ``none`` ends a pause at once.

    A count by hand is above every pause.

    Raises: ScalingTargetUnknown
    """
    with transaction.atomic():
        row = ScalingTarget.objects.select_for_update().filter(name=target).first()
        if row is None:
            raise ScalingTargetUnknown(f"There is no target {target!r}. See the summary for those there are.")
        before = {"pause": row.pause}
        is_paused = pause is not Pause.NONE
        row.pause, row.pause_reason = pause, reason if is_paused else ""
        row.pause_until = clock.now() + timedelta(seconds=duration_s) if is_paused else None
        row.save(update_fields=["pause", "pause_reason", "pause_until"])
        after = {"pause": pause.value} | ({"duration_s": duration_s} if is_paused else {})
        record_audit(
            actor_id=actor_id, action="scaling.paused", target=row, reason=reason, before=before, after=after, ip=ip
        )
    return row
