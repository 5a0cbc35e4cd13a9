"""Rounds of alerting in a process that may be killed at every step; `benchmarks.alert_killing` forks it.

Alerts     Each is one process of one rule whose series is above its threshold from some round on, and is told alone.
           Half of them are told within the round, the others a second later, between the rounds.
Steps      The product's own functions, with a chance to die before or after them.
"""

import time
from collections.abc import Callable
from contextlib import ExitStack
from typing import Any, Final, Protocol
from unittest.mock import patch

from alerting.models import (
    Alert,
    AlertGroup,
    AlertingEngine,
    AlertRoute,
    AlertRule,
    Delivery,
    EscalationPlan,
    Inhibition,
)
from alerting.selectors import points
from alerting.services import _changes, _flushing, evaluate_rules, flush_groups
from common import clock
from monitoring.selectors.live_values import LiveValues
from monitoring.types import SeriesKey

CHANNELS: Final = 8
PER_ROUND: Final = 40
#: Many alerts take a step of a round together, and a round that dies is done anew from its beginning.
_WEIGHT: Final = 8.0
STEPS: Final = (
    "evaluating, before it looks",
    "evaluating, between what it found and the states",
    "evaluating, after the states",
    "transition, before alerts and incidents",
    "transition, between alerts and their lines",
    "transition, after the lines",
    "telling, after the groups were given their alerts",
    "telling, after a message is queued",
    "telling, before the groups' next look is kept",
    "round, before the commit",
    "round, after the commit",
    "between rounds, before the commit",
    "between rounds, after the commit",
)
#: How old a value is told: a busy machine takes a while from the beginning of a round to its look.
_AGE_S: Final = 20
#: Told once, and not again while this runs.
_LONG_S: Final = 86_400.0


class Chance(Protocol):
    """Perhaps the end of this process."""

    def __call__(self, step: str, *, weight: float = 1.0) -> None: ...


def hook(number: int) -> str:
    return f"hook {number}"


def prepare() -> None:
    """A rule, a route and a channel for each eighth of the alerts; ``hook`` names the channels, which exist."""
    for model in (AlertRule, AlertRoute, Inhibition, EscalationPlan):
        model.objects.all().delete()
    now = clock.now()
    document = {"condition": "gt", "levels": {"warning": 80}, "by": "process"}
    for number in range(CHANNELS):
        name = f"load {number}"
        AlertRule.objects.create(
            name=name, document={"expression": f"load_{number}", **document}, created_at=now, updated_at=now
        )
        AlertRoute.objects.create(
            name=name,
            position=number,
            matchers=f'alertname="{name}"',
            channels=[hook(number)],
            group_by=["alertname", "process"],
            group_wait_s=float(number % 2),
            group_interval_s=_LONG_S,
            repeat_interval_s=_LONG_S,
        )


def do_rounds(alerts: int, may_die: Chance) -> None:
    """Until as many alerts have been told; goes on where the one before it was killed."""
    AlertingEngine.objects.get_or_create(pk=1)
    with ExitStack() as stack:
        for step in _patches(alerts, may_die):
            stack.enter_context(step)
        while not _is_done(alerts):
            AlertingEngine.objects.update(next_at=None)
            evaluate_rules.evaluate_rules()
            may_die("round, after the commit", weight=_WEIGHT)
            if flush_groups.flush_groups():
                may_die("between rounds, after the commit", weight=_WEIGHT)
            if Alert.objects.count() >= alerts:
                time.sleep(0.1)


def _is_done(alerts: int) -> bool:
    return Delivery.objects.count() >= alerts and not AlertGroup.objects.filter(next_at__lte=clock.now()).exists()


def _patches(alerts: int, may_die: Chance) -> list[Any]:
    def dies(step: str, weight: float = _WEIGHT) -> Callable[[], None]:
        return lambda: may_die(step, weight=weight)

    return [
        patch.object(points, "live_values", lambda: _values(alerts)),
        _around(evaluate_rules, "history_of", before=dies(STEPS[0])),
        _around(evaluate_rules, "evaluate_all", after=dies(STEPS[1])),
        _around(evaluate_rules, "keep_instances", after=dies(STEPS[2])),
        _around(evaluate_rules, "keep_changes", before=dies(STEPS[3])),
        _around(_changes, "_keep_lines", before=dies(STEPS[4]), after=dies(STEPS[5])),
        _around(evaluate_rules, "receive", after=dies(STEPS[6])),
        _around(_flushing, "queue_notice", after=dies(STEPS[7], 1.0)),
        _around(_flushing, "_keep", before=dies(STEPS[8])),
        _around(evaluate_rules, "_keep_engine", after=dies(STEPS[9])),
        _around(flush_groups, "flush_due", after=dies(STEPS[11])),
    ]


def _around(
    module: Any, name: str, *, before: Callable[[], None] = lambda: None, after: Callable[[], None] = lambda: None
) -> Any:
    real = getattr(module, name)

    def wrapped(*given: Any, **named: Any) -> Any:
        before()
        found = real(*given, **named)
        after()
        return found

    return patch.object(module, name, wrapped)


def _values(alerts: int) -> LiveValues:
    """``PER_ROUND`` more than have become alerts are above their threshold."""
    reached = min(alerts, Alert.objects.count() + PER_ROUND)
    found = {
        SeriesKey(f"load_{number % CHANNELS}", f"process:p-{number // CHANNELS}"): 91.0 for number in range(reached)
    }
    # A round doesn't look at what comes after its beginning.
    return LiveValues(int(clock.now().timestamp()) - _AGE_S, found)
