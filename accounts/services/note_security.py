"""Write down what happened to the locks of an account, and hand it to whoever tells its owner.

Contract   In the transaction of the deed, where the deed has one. A fact is marked as told in the transaction that
           tells, so that each is told once whatever fails.
"""

from dataclasses import dataclass

from accounts.models import SecurityFact
from accounts.types import SecurityChange
from common import clock


@dataclass(frozen=True, slots=True)
class Told:
    fact_id: int
    user_id: int
    change: SecurityChange
    detail: str


def note_security(*, user_id: int, change: SecurityChange, detail: str = "") -> None:
    SecurityFact.objects.create(user_id=user_id, change=change.value, detail=detail[:120], at=clock.now())


def take_untold(limit: int) -> tuple[Told, ...]:
    """The oldest first, marked as told in the caller's transaction; what somebody else tells is left out."""
    rows = SecurityFact.objects.select_for_update(skip_locked=True).filter(told_at=None).order_by("pk")
    found = list(rows[:limit])
    SecurityFact.objects.filter(pk__in=[row.pk for row in found]).update(told_at=clock.now())
    return tuple(Told(row.pk, row.user_id, SecurityChange(row.change), row.detail) for row in found)
