"""Keep in the audit trail what staff did about a person from another app."""

from accounts.models import User
from accounts.services.record_audit import record_audit


def audit_person(*, user_id: int, actor_id: int, action: str, reason: str, ip: str = "") -> None:
    """Append one record; call it in the transaction of the deed."""
    target = User.objects.get(pk=user_id)
    record_audit(
        actor_id=actor_id,
        action=action,
        target=target,
        reason=reason,
        after={"is_active": target.is_active},
        ip=ip,
    )
