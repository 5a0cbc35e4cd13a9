"""What is done every few seconds: housekeeping as the strategy has it, watching, an optimisation when it is due."""

from datetime import datetime, timedelta

from django.db import transaction

from common import clock
from monitoring.optimizer.engine.strategies import Plan
from monitoring.optimizer.models import OptimizerSwitch
from monitoring.optimizer.selectors.evidence.measured import recent_means
from monitoring.optimizer.selectors.incidents import freeze_reason
from monitoring.optimizer.selectors.switch import current_plan, is_monitoring, is_optimizing
from monitoring.optimizer.services._probes import probe
from monitoring.optimizer.services._tunables import next_round, publish_tunables, put_tunables
from monitoring.optimizer.services.observe_changes import observe_changes
from monitoring.optimizer.services.run_cycle import run_cycle

_RECENT = timedelta(seconds=30)


def tick() -> bool:
    """Safe to run twice at a time. Returns: whether an optimisation was run."""
    publish_tunables()
    if not is_monitoring():
        return False
    plan, now = current_plan(), clock.now()
    is_due = _prepare(plan, now)
    observe_changes(frozen=freeze_reason())
    return is_due and run_cycle() is not None


def _prepare(plan: Plan, now: datetime) -> bool:
    """Measure and keep house; whether an optimisation is due."""
    with transaction.atomic():
        OptimizerSwitch.objects.get_or_create(pk=1)
        switch = OptimizerSwitch.objects.select_for_update(skip_locked=True).filter(pk=1).first()
        if switch is None:
            return False
        switch.counters = switch.counters | {"probe": probe(switch.counters.get("probe", {}), now)}
        if is_optimizing():
            _keep_house(switch, plan, now)
        switch.save(update_fields=["counters", "cleaned_at", "collected_at"])
        return _is_due(switch.optimised_at, plan.optimise_s, now)


def _keep_house(switch: OptimizerSwitch, plan: Plan, now: datetime) -> None:
    """Caches drop what has ended; memory is collected while the machine is fuller than the strategy likes."""
    if _is_due(switch.cleaned_at, plan.cleanup_s, now):
        switch.cleaned_at = now
        put_tunables({"cleanup_round": next_round("cleanup_round")}, actor_id=None)
    memory = recent_means(_RECENT).get("memory_usage", 0.0)
    if memory >= plan.collect_percent and _is_due(switch.collected_at, plan.cleanup_s, now):
        switch.collected_at = now
        put_tunables({"collect_round": next_round("collect_round")}, actor_id=None)


def _is_due(last: datetime | None, every_s: int, now: datetime) -> bool:
    return last is None or now - last >= timedelta(seconds=every_s)
