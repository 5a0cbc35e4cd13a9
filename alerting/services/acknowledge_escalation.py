"""Somebody takes care: nobody else is told until the limit is over."""

from django.db import transaction

from alerting.engine.escalation import acknowledge
from alerting.services._runs import open_run, state_of, store
from common import clock


def acknowledge_escalation(*, key: str, by: str, limit_s: float | None = None) -> bool:
    """False when nothing is open under the key. Without a limit the policy's counts."""
    with transaction.atomic():
        run = open_run(key)
        if run is None:
            return False
        before = state_of(run)
        store(run, before, acknowledge(before, by, clock.now().timestamp(), limit_s))
    return True
