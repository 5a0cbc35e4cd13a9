"""One optimisation: look, find, propose, and do by itself what the strategy lets it do.

Contract   One at a time, whoever starts it. While there is an incident, and while optimisation is stopped, nothing is
           done, only proposed.
Bound      ``LOOK_S`` for the planner's proofs beside some dozen statements; see docs/benchmarks.md for the time.
"""

import time
from datetime import timedelta
from typing import Any, Final

from django.db import connection, transaction

from common import clock
from common.tuning.declared import Subsystem
from monitoring.optimizer.engine.findings import findings
from monitoring.optimizer.engine.score import score
from monitoring.optimizer.engine.strategies import Plan, is_automatic
from monitoring.optimizer.errors import ActNotAllowed, SubsystemBusy
from monitoring.optimizer.models import Cycle, OptimizerSwitch, Recommendation
from monitoring.optimizer.selectors.evidence.snapshot import look
from monitoring.optimizer.selectors.incidents import freeze_reason
from monitoring.optimizer.selectors.switch import current_plan, is_optimizing
from monitoring.optimizer.services._proposals import keep_findings
from monitoring.optimizer.services._usual import learn_usual
from monitoring.optimizer.services.apply_recommendation import apply_recommendation
from monitoring.optimizer.types import OPEN, WATCHED, Finding, Snapshot, Status

KEPT: Final = timedelta(days=14)
_LOCK: Final = "SELECT pg_try_advisory_xact_lock(hashtext('optimizer'))"


def run_cycle(*, only: Subsystem | None = None, may_act: bool = True) -> Cycle | None:
    """``only`` findings of one subsystem; ``may_act`` False proposes only.

    Returns: what came of it; None when another is under way
    """
    began = time.perf_counter()
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(_LOCK)
            if not cursor.fetchone()[0]:
                return None
        switch, _ = OptimizerSwitch.objects.get_or_create(pk=1)
        snapshot, counters = look(switch.counters.get("look", {}))
        switch.counters = switch.counters | {"look": counters}
        found = [one for one in findings(snapshot) if only is None or one.subsystem is only]
        return _work_off(switch, snapshot, found, began, may_act=may_act and is_optimizing())


def _work_off(
    switch: OptimizerSwitch, snapshot: Snapshot, found: list[Finding], began: float, *, may_act: bool
) -> Cycle:
    now, plan, frozen = clock.now(), current_plan(), freeze_reason()
    new = keep_findings(found, plan.strategy, now)
    applied = _act(plan, snapshot, found) if may_act and not frozen else 0
    distances = learn_usual(snapshot.values, now, is_frozen=bool(frozen))
    priorities = Recommendation.objects.filter(status__in=OPEN - WATCHED).values_list("priority", flat=True)
    switch.score, switch.optimised_at = score(priorities, distances), now
    switch.save(update_fields=["counters", "score", "optimised_at"])
    Cycle.objects.filter(at__lt=now - KEPT).delete()
    return Cycle.objects.create(
        at=now,
        milliseconds=(time.perf_counter() - began) * 1_000,
        found=len(found),
        new=len(new),
        applied=applied,
        frozen=frozen[:200],
        score=switch.score,
        strategy=plan.strategy.value,
    )


def _act(plan: Plan, snapshot: Snapshot, found: list[Finding]) -> int:
    """Do what may be done without asking, the most pressing first; how many were."""
    rows: dict[tuple[str, str], Any] = {
        (row.rule, row.subject): row
        for row in Recommendation.objects.select_for_update(of=("self",)).filter(status=Status.PROPOSED)
    }
    busy = _busy_or_resting(plan)
    count = 0
    for finding in found:
        row = rows.get((finding.rule, finding.subject[:250]))
        if row is None or finding.subsystem in busy:
            continue
        if is_automatic(plan, finding, confidence=row.confidence, cpu=snapshot.values.get("cpu_usage")):
            try:
                with transaction.atomic():
                    apply_recommendation(row=row, status=Status.AUTOMATIC, actor_id=None)
            except (ActNotAllowed, SubsystemBusy):
                continue
            busy.add(finding.subsystem)
            count += 1
    return count


def _busy_or_resting(plan: Plan) -> set[str]:
    """Subsystems in which a change is being watched, or was judged a moment ago."""
    since = clock.now() - timedelta(seconds=plan.rest_s)
    watched = Recommendation.objects.filter(status__in=WATCHED).values_list("subsystem", flat=True)
    judged = Recommendation.objects.filter(applied_at__isnull=False, ended_at__gt=since)
    return {*watched, *judged.values_list("subsystem", flat=True)}
