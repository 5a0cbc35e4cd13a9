"""Put a recommendation into force, or take it back.

Contract   The row is locked; what concerns settings happens in this transaction, what concerns the database in a job
           that commits by itself and may run twice. Of a subsystem one change at a time is watched.
"""

from typing import Any, Final

from django.db import transaction

from common import clock
from common.jobs.enqueue import enqueue
from monitoring.optimizer.engine.lifecycle import may_become
from monitoring.optimizer.errors import ActNotAllowed, RecommendationClosed, SubsystemBusy
from monitoring.optimizer.models import Recommendation
from monitoring.optimizer.selectors.switch import current_plan
from monitoring.optimizer.services._database_acts import ActFailed, do_act, undo_act
from monitoring.optimizer.services._marks import mark
from monitoring.optimizer.services._tunables import next_round, put_tunables
from monitoring.optimizer.types import WATCHED, Act, Status

JOB: Final = "optimize_database"
_AT_ONCE: Final = frozenset({Act.SET, Act.ROUND})


def apply_recommendation(*, row: Recommendation, status: Status, actor_id: int | None, ip: str = "") -> None:
    """Within the caller's transaction, which holds the lock of ``row``. ``status``: approved or automatic.

    Raises: RecommendationClosed, ActNotAllowed, SubsystemBusy
    """
    _check(row, status)
    row.status, row.decided_at, row.decided_by_id = status.value, clock.now(), actor_id
    if row.action.act in _AT_ONCE:
        value = next_round(row.target) if row.action.act is Act.ROUND else row.value
        row.before = put_tunables({row.target: value}, actor_id=actor_id, recommendation=row)
        _put_into_force(row, actor_id=actor_id, ip=ip)
        return
    row.save()
    enqueue(kind=JOB, arguments={"recommendation": row.pk, "undo": False}, key=f"{row.pk} do")
    mark(row, status.value, actor_id=actor_id, ip=ip)


def revert_recommendation(*, row: Recommendation, reason: str, actor_id: int | None, ip: str = "") -> None:
    """Within the caller's transaction, which holds the lock of ``row``: back to what was before.

    Raises: RecommendationClosed, ActNotAllowed
    """
    if not may_become(Status(row.status), Status.REVERTED):
        raise RecommendationClosed(f"It is {row.status}; only a change that is in force can be taken back.")
    if not row.is_reversible:
        raise ActNotAllowed("It left nothing to take back.")
    row.status, row.reason, row.ended_at = Status.REVERTED.value, reason[:250], clock.now()
    row.save()
    if row.action.act is Act.SET:
        put_tunables({row.target: row.before.get(row.target)}, actor_id=actor_id)
    else:
        enqueue(kind=JOB, arguments={"recommendation": row.pk, "undo": True}, key=f"{row.pk} undo")
    mark(row, "reverted", actor_id=actor_id, ip=ip)


def work_on_database(*, recommendation_id: int, is_undo: bool) -> dict[str, Any]:
    """The job: do or undo the act of a recommendation; once more changes nothing.

    Returns: what became of it
    """
    row = Recommendation.objects.get(pk=recommendation_id)
    if is_undo:
        undo_act(row.action)
        return {"undone": row.target}
    if row.status not in (Status.APPROVED, Status.AUTOMATIC):
        return {"status": row.status}
    try:
        do_act(row.action)
    except (ActFailed, ActNotAllowed) as problem:
        return _fail(recommendation_id, str(problem))
    with transaction.atomic():
        row = Recommendation.objects.select_for_update().get(pk=recommendation_id)
        if row.status in (Status.APPROVED, Status.AUTOMATIC):
            _put_into_force(row, actor_id=row.decided_by_id)
    return {"done": row.target}


def _fail(recommendation_id: int, problem: str) -> dict[str, Any]:
    with transaction.atomic():
        row = Recommendation.objects.select_for_update().get(pk=recommendation_id)
        row.status, row.reason, row.ended_at = Status.FAILED.value, problem[:250], clock.now()
        row.save()
        mark(row, "failed", actor_id=row.decided_by_id)
    return {"failed": problem}


def _put_into_force(row: Recommendation, *, actor_id: int | None, ip: str = "") -> None:
    row.status, row.applied_at = Status.APPLIED.value, clock.now()
    row.save()
    mark(row, "applied", actor_id=actor_id, ip=ip)


def _check(row: Recommendation, status: Status) -> None:
    if not may_become(Status(row.status), status):
        raise RecommendationClosed(f"It is {row.status} already.")
    if row.is_advice:
        raise ActNotAllowed("It is advice for people: do it, then dismiss it here.")
    if row.action.act is Act.CREATE_INDEX and not current_plan().may_build_indexes:
        raise ActNotAllowed(
            "Indexes are built with the strategy aggressive only: set PERFORMANCE_OPTIMIZATION_STRATEGY."
        )
    # The lock lasts until the end of the transaction, so that two don't begin at once.
    busy = Recommendation.objects.select_for_update().filter(subsystem=row.subsystem, status__in=WATCHED)
    waiting = Recommendation.objects.filter(
        subsystem=row.subsystem, status__in=(Status.APPROVED, Status.AUTOMATIC)
    ).exclude(pk=row.pk)
    other = busy.first() or waiting.first()
    if other is not None:
        raise SubsystemBusy(f"Wait until “{other.title}” has been judged, or take it back.")
