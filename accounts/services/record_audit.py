"""Keep who did what to what, in the transaction of the deed."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Model

from accounts.models import AuditRecord
from common import clock


def record_audit(
    *,
    actor_id: int | None,
    action: str,
    target: Model,
    reason: str = "",
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    ip: str = "",
) -> None:
    """Append one record. ``before`` and ``after`` are JSON-ready and hold only what changed, never a secret."""
    AuditRecord.objects.create(
        at=clock.now(),
        actor_id=actor_id,
        action=action,
        object_type=target._meta.label_lower,
        object_id=str(target.pk),
        reason=reason,
        before=dict(before or {}),
        after=dict(after or {}),
        ip=ip or None,
    )
