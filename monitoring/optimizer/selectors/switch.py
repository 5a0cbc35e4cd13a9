"""Whether the optimizer looks, whether it acts, and how eagerly."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from common.configuration.current import performance_config
from monitoring.optimizer.engine.strategies import PLANS, Plan
from monitoring.optimizer.models import OptimizerSwitch
from monitoring.optimizer.types import Strategy


@dataclass(frozen=True, slots=True)
class SwitchState:
    """All of it at once, for a page that shows all of it."""

    is_monitoring: bool
    is_optimizing: bool
    score: int | None
    optimised_at: datetime | None


def switch_state() -> SwitchState:
    return state_of(OptimizerSwitch.objects.filter(pk=1).first() or OptimizerSwitch())


def state_of(row: OptimizerSwitch) -> SwitchState:
    is_looking = _or_usual(row.is_monitoring)
    return SwitchState(is_looking, is_looking and _or_usual(row.is_optimizing), row.score, row.optimised_at)


def is_monitoring() -> bool:
    """What was switched last, or PERFORMANCE_OPTIMIZATION_ENABLED while nobody has switched it."""
    return _switched("is_monitoring")


def is_optimizing() -> bool:
    """Whether it acts by itself, as far as the strategy lets it; never without looking."""
    return _switched("is_optimizing") and is_monitoring()


def current_strategy() -> Strategy:
    """PERFORMANCE_OPTIMIZATION_STRATEGY, or what config/performance.yaml says without it."""
    return Strategy(settings.PERFORMANCE_OPTIMIZATION_STRATEGY or performance_config().strategy)


def current_plan() -> Plan:
    return PLANS[current_strategy()]


def _switched(name: str) -> bool:
    return _or_usual(OptimizerSwitch.objects.filter(pk=1).values_list(name, flat=True).first())


def _or_usual(switched: bool | None) -> bool:
    return bool(settings.PERFORMANCE_OPTIMIZATION_ENABLED) if switched is None else switched
