"""End a count by hand before its time."""

from django.db import transaction

from common.audit import record_audit
from monitoring.scaling.errors import ScalingTargetUnknown
from monitoring.scaling.models import ScalingTarget


def release_target(*, actor_id: int, target: str, ip: str = "") -> ScalingTarget:
    """The next decision follows the policies again; without a count by hand nothing changes.

    Raises: ScalingTargetUnknown
    """
    with transaction.atomic():
        row = ScalingTarget.objects.select_for_update().filter(name=target).first()
        if row is None:
            raise ScalingTargetUnknown(f"There is no target {target!r}. See the summary for those there are.")
        if row.override_count is None:
            return row
        before = {"override_count": row.override_count}
        row.override_count, row.override_until, row.override_reason = None, None, ""
        row.save(update_fields=["override_count", "override_until", "override_reason"])
        record_audit(
            actor_id=actor_id,
            action="scaling.released",
            target=row,
            before=before,
            after={"override_count": None},
            ip=ip,
        )
    return row
