"""A count by hand, for a while."""

from datetime import timedelta

from django.db import transaction

from common import clock
from common.audit import record_audit
from monitoring.scaling.errors import ScalingCountInvalid, ScalingTargetUnknown
from monitoring.scaling.models import ScalingTarget
from monitoring.scaling.selectors.targets import bounds


def scale_manually(
    *, actor_id: int, target: str, count: int, reason: str, duration_s: int, ip: str = ""
) -> ScalingTarget:
    """Hold ``target`` at ``count`` for ``duration_s``, above every policy; it is carried out by the next decision.

    Raises: ScalingTargetUnknown, ScalingCountInvalid
    """
    with transaction.atomic():
        row = ScalingTarget.objects.select_for_update().filter(name=target).first()
        if row is None:
            raise ScalingTargetUnknown(f"There is no target {target!r}. See the summary for those there are.")
        low, high = bounds(target)
        if not low <= count <= high:
            raise ScalingCountInvalid(f"Send {low} to {high}, the bounds of {target}.", field="/target_instances")
        before = {"override_count": row.override_count}
        row.override_count, row.override_reason = count, reason
        row.override_until = clock.now() + timedelta(seconds=duration_s)
        row.save(update_fields=["override_count", "override_reason", "override_until"])
        after = {"override_count": count, "duration_s": duration_s}
        record_audit(
            actor_id=actor_id, action="scaling.manual", target=row, reason=reason, before=before, after=after, ip=ip
        )
    return row
