"""What it is about has ended: nobody is told any more."""

from django.db import transaction

from alerting.engine.escalation import resolve
from alerting.services._runs import open_run, state_of, store
from common import clock


def resolve_escalation(*, key: str, reason: str) -> bool:
    """False when nothing is open under the key."""
    with transaction.atomic():
        run = open_run(key)
        if run is None:
            return False
        before = state_of(run)
        store(run, before, resolve(before, clock.now().timestamp(), reason))
    return True
