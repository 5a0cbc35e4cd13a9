"""Targets and policies as the engine has them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import connection

from common import clock
from common.shared_thread import CONNECTIONS_MAX
from monitoring.scaling.engine.decision import Override, Target
from monitoring.scaling.engine.guards import connection_cap
from monitoring.scaling.engine.policies import Policy
from monitoring.scaling.models import Actuator, ScalingPolicy, ScalingTarget
from monitoring.scaling.types import WEB, Fallback, Mode, Pause

#: All connections of clients, and those that the processes of either kind hold themselves.
_CONNECTIONS = """
SELECT current_setting('max_connections')::int, current_setting('superuser_reserved_connections')::int,
    count(*), count(*) FILTER (WHERE application_name = 'opinion-market-web'),
    count(*) FILTER (WHERE application_name = 'opinion-market-worker')
FROM pg_stat_activity
WHERE backend_type = 'client backend'
"""


@dataclass(frozen=True, slots=True)
class Policied:
    """A target's row with what the engine needs."""

    row: ScalingTarget
    target: Target
    policies: tuple[Policy, ...]


def policied_targets() -> list[Policied]:
    """Every target, by name; three statements, however many there are."""
    workers, web = connections_caps()
    policies: dict[int, list[ScalingPolicy]] = {}
    for policy in ScalingPolicy.objects.order_by("name"):
        policies.setdefault(policy.target_id, []).append(policy)
    rows = ScalingTarget.objects.order_by("name")
    return [_policied(row, policies.get(row.pk, []), web if row.name == WEB else workers) for row in rows]


def bounds(name: str) -> tuple[int, int]:
    """The least and the most instances of the target, by its policies and the environment."""
    row = ScalingTarget.objects.get(name=name)
    return _bounds(row, list(ScalingPolicy.objects.filter(target=row)))


def current_pause(row: ScalingTarget) -> Pause:
    """What is withheld now; a pause that has ended withholds nothing."""
    is_over = row.pause_until is not None and row.pause_until <= clock.now()
    return Pause.NONE if is_over else Pause(row.pause)


def connections_caps() -> tuple[int, int]:
    """The most workers and the most web processes that the database has connections for, whatever else holds some."""
    with connection.cursor() as cursor:
        cursor.execute(_CONNECTIONS)
        highest, reserved, held, by_web, by_workers = cursor.fetchone()

    def cap(own: int, per_instance: int) -> int:
        others = held - own
        return connection_cap(connections_max=highest, reserved=reserved, others=others, per_instance=per_instance)

    return cap(by_workers, 1), cap(by_web, settings.ENV.http_threads + CONNECTIONS_MAX)


def _policied(row: ScalingTarget, policies: Sequence[ScalingPolicy], cap: int) -> Policied:
    low, high = _bounds(row, policies)
    target = Target(
        name=row.name,
        low=low,
        high=high,
        cap=cap,
        cooldown_s=max((one.cooldown_s for one in policies), default=settings.AUTO_SCALING_COOLDOWN_PERIOD),
        pause=current_pause(row),
        mode=Mode(row.mode),
        fallback=Fallback(row.fallback),
        fallback_count=row.fallback_count,
        cost=row.cost_cents_per_hour,
        override=_override(row.override_count, row.override_until),
    )
    return Policied(row, target, tuple(_policy(one) for one in policies))


def _bounds(row: ScalingTarget, policies: Sequence[ScalingPolicy]) -> tuple[int, int]:
    lowest, highest = settings.AUTO_SCALING_MIN_INSTANCES, settings.AUTO_SCALING_MAX_INSTANCES
    if row.actuator == Actuator.LOCAL:
        # The supervisor adds to what it began with, and starts no more than it may.
        env = settings.ENV
        lowest, highest = max(lowest, env.web_processes), min(highest, max(env.max_workers, env.web_processes))
    low = max([lowest, *(one.min_instances for one in policies)])
    high = min([highest, *(one.max_instances for one in policies)])
    return min(low, high), high


def _policy(row: ScalingPolicy) -> Policy:
    return Policy(
        name=row.name,
        metric_name=row.metric_name,
        scale_up=row.scale_up_threshold,
        scale_down=row.scale_down_threshold,
        is_shared=row.is_shared,
        target=row.target_value,
    )


def _override(count: int | None, until: datetime | None) -> Override | None:
    return None if count is None or until is None else Override(count, until.timestamp())
