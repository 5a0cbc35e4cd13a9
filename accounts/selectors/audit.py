"""The audit trail, as its readers look at it."""

from collections.abc import Sequence

from accounts.models import AuditRecord


def newest_records(limit: int) -> Sequence[AuditRecord]:
    """What was done last, with who did it."""
    return AuditRecord.objects.select_related("actor").order_by("-id")[:limit]
