"""What is said of a change, in the charts and in the audit trail."""

from typing import Any

from common.audit import record_audit
from monitoring.models import EventKind
from monitoring.optimizer.models import Recommendation
from monitoring.services.record_event import record_event


def mark(row: Recommendation, what: str, *, actor_id: int | None, ip: str = "", **after: Any) -> None:
    """Record that ``row`` was ``what`` (applied, kept, reverted, ...), in the transaction of the deed."""
    event = f"Optimizer: {what} · {row.title}"
    record_event(kind=EventKind.OPTIMIZER, title=event, detail=f"{row.target} {row.reason or row.why}".strip())
    record_audit(
        actor_id=actor_id,
        action=f"optimizer.{what.replace(' ', '_')}",
        target=row,
        reason=row.reason or row.title,
        before={"values": row.before} if row.before else {},
        after={"act": row.act, "target": row.target, "value": row.value, "status": row.status} | after,
        ip=ip,
    )
