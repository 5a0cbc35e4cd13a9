"""Start and stop looking, and acting."""

from typing import Literal

from django.db import transaction

from common import clock
from common.audit import record_audit
from monitoring.models import EventKind
from monitoring.optimizer.models import OptimizerSwitch
from monitoring.services.record_event import record_event

Part = Literal["monitoring", "optimization"]


def switch_optimizer(*, actor_id: int, part: Part, is_on: bool, ip: str = "") -> bool:
    """Start or stop; it lasts until the other, whatever restarts. Doing it twice changes nothing.

    Returns: whether it changed
    """
    field = "is_monitoring" if part == "monitoring" else "is_optimizing"
    with transaction.atomic():
        switch, _ = OptimizerSwitch.objects.select_for_update().get_or_create(pk=1)
        before = getattr(switch, field)
        if before == is_on:
            return False
        setattr(switch, field, is_on)
        switch.changed_at = clock.now()
        switch.save(update_fields=[field, "changed_at"])
        words = "started" if is_on else "stopped"
        record_audit(
            actor_id=actor_id,
            action=f"optimizer.{part}_{words}",
            target=switch,
            before={field: before},
            after={field: is_on},
            ip=ip,
        )
        record_event(kind=EventKind.OPTIMIZER, title=f"Optimizer: {part} was {words}")
    return True
