"""Watch the changes that are in force, and judge them.

Contract   Safe to run as often as anybody likes. A change that does harm is taken back at once, during an incident too;
           no change is called good while there is one.
"""

from datetime import datetime, timedelta
from typing import Final

from django.db import transaction

from common import clock
from monitoring.optimizer.engine.effects import Measured, measured
from monitoring.optimizer.engine.lifecycle import Verdict, verdict
from monitoring.optimizer.engine.strategies import PLANS
from monitoring.optimizer.models import Recommendation
from monitoring.optimizer.selectors.moments import SETTLE, moments_around
from monitoring.optimizer.services._marks import mark
from monitoring.optimizer.services.apply_recommendation import revert_recommendation
from monitoring.optimizer.types import WATCHED, Status, Strategy

#: What no change may make worse, whatever it is for; each with its load.
GUARDS: Final = (("response_time", "throughput"), ("error_rate", "throughput"))


def observe_changes(*, frozen: str = "") -> int:
    """How many changes were judged."""
    now, judged = clock.now(), 0
    for pk in Recommendation.objects.filter(status__in=WATCHED).order_by("pk").values_list("pk", flat=True):
        with transaction.atomic():
            row = Recommendation.objects.select_for_update(of=("self",), skip_locked=True).filter(pk=pk).first()
            judged += row is not None and _observe(row, now, frozen)
    return judged


def _observe(row: Recommendation, now: datetime, frozen: str) -> bool:
    if row.applied_at is None or row.status not in WATCHED or now < row.applied_at + SETTLE:
        return False
    main = _effect(row, row.metric, row.load, row.is_gain, now)
    guards = [
        (name, found)
        for name, load in GUARDS
        if name != row.metric and (found := _effect(row, name, load, False, now)) is not None
    ]
    plan = PLANS[Strategy(row.strategy)]
    elapsed = now - row.applied_at
    judged = verdict(main, guards, elapsed_s=elapsed.total_seconds(), observe_s=plan.observe_s)
    _keep(row, main)
    if judged.status is None or (judged.status is Status.KEPT and frozen):
        is_overdue = elapsed > timedelta(seconds=2 * plan.observe_s)
        if not is_overdue:
            row.save()
            return False
        judged = Verdict(Status.INCONCLUSIVE, "An incident lay over the time in which it was watched.")
    _end(row, judged, now)
    return True


def _effect(row: Recommendation, metric: str, load: str, is_gain: bool, now: datetime) -> Measured | None:
    assert row.applied_at is not None
    before, after = moments_around(metric, load, applied_at=row.applied_at, until=now)
    return measured(before, after, is_gain=is_gain)


def _keep(row: Recommendation, main: Measured | None) -> None:
    row.status = Status.OBSERVING.value
    if main is not None:
        row.change, row.change_low, row.change_high, row.pairs = main.change, main.low, main.high, main.pairs


def _end(row: Recommendation, found: Verdict, now: datetime) -> None:
    row.is_judged = True
    if found.status is Status.REVERTED and row.is_reversible:
        revert_recommendation(row=row, reason=found.reason, actor_id=None)
        return
    status = Status.INCONCLUSIVE if found.status is Status.REVERTED else found.status
    assert status is not None
    row.status, row.reason, row.ended_at = status.value, found.reason[:250], now
    row.save()
    mark(row, status.value, actor_id=None)
