"""The audit trail, as its readers look at it."""

from accounts.models import AuditRecord


def newest_records(limit: int) -> list[AuditRecord]:
    """What was done last, with who did it."""
    return list(AuditRecord.objects.select_related("actor").order_by("-id")[:limit])
