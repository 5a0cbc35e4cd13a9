"""The audit trail, for the kernel's own actions. Its table lives in an app above, named by ``settings.AUDIT_TRAIL``."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Protocol

from django.conf import settings
from django.db.models import Model
from django.utils.module_loading import import_string


class AuditTrail(Protocol):
    def __call__(
        self,
        *,
        actor_id: int | None,
        action: str,
        target: Model,
        reason: str = "",
        before: Mapping[str, Any] | None = None,
        after: Mapping[str, Any] | None = None,
        ip: str = "",
    ) -> None:
        """``before`` and ``after`` are JSON-ready and hold only what changed, never a secret."""
        ...


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
    """Append one record, in the transaction of the deed."""
    trail = _audit_trail()
    trail(actor_id=actor_id, action=action, target=target, reason=reason, before=before, after=after, ip=ip)


@lru_cache(maxsize=1)
def _audit_trail() -> AuditTrail:
    found: AuditTrail = import_string(settings.AUDIT_TRAIL)
    return found
