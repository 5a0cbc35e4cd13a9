"""A recommendation as an optimisation keeps it."""

from common import clock
from common.tuning.declared import Subsystem
from monitoring.optimizer.engine.confidence import Record
from monitoring.optimizer.models import Recommendation
from monitoring.optimizer.services._proposals import new_row
from monitoring.optimizer.types import Act, Action, Effect, Finding, Risk, Strategy

FINDING = Finding(
    rule="small_pool",
    subject="http_threads",
    subsystem=Subsystem.DATABASE,
    title="Requests wait for a thread",
    why="One request in twenty waits 180 ms before anybody works on it, while the CPU is at 35 %.",
    evidence={"thread_pool_lag_ms": 180.0, "threads": 32},
    evidence_query="GET /api/v1/performance-dashboard/metrics/history?series=thread_pool_lag",
    action=Action(Act.SET, "http_threads", 48.0),
    risk=Risk.LOW,
    effect=Effect("thread_pool_lag", -0.5, -0.95, -0.1),
    blast_radius="Each web process may hold 16 database connections more.",
    undo="Take the setting back: every process follows within two seconds.",
    priority=80,
)


def keep_recommendation(*, number: int) -> Recommendation:
    row = new_row(FINDING, Strategy.BALANCED, clock.now(), Record())
    Recommendation.objects.filter(pk=row.pk).update(id=number)
    return Recommendation.objects.get(pk=number)
