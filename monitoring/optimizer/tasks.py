"""Jobs of the optimizer: each calls one service, and may run twice or not at all for a while."""

from celery import shared_task

from monitoring.optimizer.services.tick import tick


@shared_task
def tick_optimizer() -> bool:
    """Whether an optimisation was run."""
    return tick()
