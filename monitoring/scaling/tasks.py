"""Jobs of scaling: each calls one service, and may run twice or not at all for a while."""

from celery import shared_task

from monitoring.scaling.services import decide_targets as deciding


@shared_task
def decide_scaling() -> int:
    """How many decisions were made."""
    return deciding.decide_targets()
