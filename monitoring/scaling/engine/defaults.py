"""What a new site scales by. Web processes answer requests, worker processes clear the queue."""

from typing import Final

from monitoring.scaling.engine.policies import Policy
from monitoring.scaling.types import WEB, WORKER

TARGETS: Final = (WEB, WORKER)
#: By target.
POLICIES: Final = (
    (WEB, Policy("cpu", "cpu_usage", 80.0, 30.0)),
    (WEB, Policy("memory", "memory_usage", 85.0, 60.0)),
    (WEB, Policy("response_time", "response_time", 100.0, 30.0)),
    (WEB, Policy("throughput", "throughput", 1000.0, 300.0, is_shared=True)),
    (WORKER, Policy("queue_age", "queue_age", 5.0, 1.0)),
)
