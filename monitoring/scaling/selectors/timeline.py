"""How many instances there were over time, how many were wished for, and what another policy would have made of it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from django.db import connection

from common import clock
from monitoring.scaling.engine.policies import Policy
from monitoring.scaling.engine.what_if import Past, Replayed, measured, replay
from monitoring.scaling.errors import ScalingTargetUnknown
from monitoring.scaling.selectors.targets import Policied, policied_targets
from monitoring.selectors.history import history
from monitoring.types import SeriesKey

POINTS_MAX: Final = 360
#: Minutes that a history of one step tells at once.
_CHUNK: Final = timedelta(hours=9)
_MINUTE_S: Final = 60
_COUNTS: Final = """
SELECT floor((date_part('epoch', at) - %(start)s) / %(step)s)::int AS point,
    max(before), max(wished), max(forecast), (array_agg(count ORDER BY at DESC))[1]
FROM scaling_scalingdecision
WHERE target_id = %(target)s AND at >= to_timestamp(%(start)s) AND at < to_timestamp(%(end)s)
GROUP BY 1
"""


@dataclass(frozen=True, slots=True)
class Timeline:
    """Lists of equal length; what nobody decided in a step is None. ``instances`` is the most that were counted."""

    start: datetime
    step_s: int
    instances: list[int | None]
    wished: list[int | None]
    forecast: list[int | None]


@dataclass(frozen=True, slots=True)
class WhatIf:
    """A day by the policies as they are measured, and by others."""

    start: datetime
    was: Replayed
    would: Replayed
    #: By the policies as they are, from the same beginning: what of the difference is the policies' doing.
    now: Replayed


@dataclass(frozen=True, slots=True)
class OtherPolicy:
    """What is to be tried: values that are None stay as they are."""

    name: str
    scale_up: float | None = None
    scale_down: float | None = None
    target: float | None = None
    low: int | None = None
    high: int | None = None
    cooldown_s: int | None = None


def access_target(name: str) -> Policied:
    """Raises: ScalingTargetUnknown"""
    found = next((one for one in policied_targets() if one.target.name == name), None)
    if found is None:
        raise ScalingTargetUnknown(f"There is no target {name!r}. See the summary for those there are.")
    return found


def timeline(*, target: str, span: timedelta) -> Timeline:
    """The last ``span`` in at most ``POINTS_MAX`` steps.

    Raises: ScalingTargetUnknown
    """
    one = access_target(target)
    seconds = int(span.total_seconds())
    step_s = max(15, -(-seconds // POINTS_MAX))
    end = int(clock.now().timestamp()) // step_s * step_s + step_s
    start = end - seconds // step_s * step_s
    lists: list[list[Any]] = [[None] * ((end - start) // step_s) for _ in range(3)]
    for point, before, wished, forecast, _ in _counts(one.row.pk, start, end, step_s):
        for values, value in zip(lists, (before, wished, forecast), strict=True):
            values[point] = value
    return Timeline(datetime.fromtimestamp(start, UTC), step_s, *lists)


def what_if(*, target: str, other: OtherPolicy, span: timedelta = timedelta(days=1)) -> WhatIf:
    """Replay the last ``span`` by the target's policies with one of them changed.

    Raises: ScalingTargetUnknown
    """
    one = access_target(target)
    end = int(clock.now().timestamp()) // _MINUTE_S * _MINUTE_S
    start = end - int(span.total_seconds())
    names = sorted({policy.metric_name for policy in one.policies})
    counts: list[int | None] = [None] * ((end - start) // _MINUTE_S)
    for point, before, *_ in _counts(one.row.pk, start, end, _MINUTE_S):
        counts[point] = before
    past = Past(float(start), dict(zip(names, _lines(names, start, end), strict=True)), counts)
    changed = [_changed(policy, other) for policy in one.policies]
    free = replace(one.target, override=None)
    bounded = replace(
        free,
        low=free.low if other.low is None else other.low,
        high=free.high if other.high is None else other.high,
        cooldown_s=free.cooldown_s if other.cooldown_s is None else other.cooldown_s,
    )
    return WhatIf(
        start=datetime.fromtimestamp(start, UTC),
        was=measured(past, free, one.policies),
        would=replay(past, bounded, changed, limits=one.policies),
        now=replay(past, free, one.policies),
    )


def _changed(policy: Policy, other: OtherPolicy) -> Policy:
    if policy.name.lower() != other.name.lower():
        return policy
    return replace(
        policy,
        scale_up=policy.scale_up if other.scale_up is None else other.scale_up,
        scale_down=policy.scale_down if other.scale_down is None else other.scale_down,
        target=policy.target if other.target is None else other.target,
    )


def _lines(names: Sequence[str], start: int, end: int) -> list[list[float | None]]:
    found: list[list[float | None]] = [[None] * ((end - start) // _MINUTE_S) for _ in names]
    begin, last = datetime.fromtimestamp(start, UTC), datetime.fromtimestamp(end, UTC)
    while names and begin < last:
        until = min(begin + _CHUNK, last)
        part = history(series=[SeriesKey(name) for name in names], start=begin, end=until, step_s=_MINUTE_S)
        for values, line in zip(found, part.lines, strict=True):
            for at, value in zip(part.times, line.values, strict=True):
                if 0 <= (place := (at - start) // _MINUTE_S) < len(values) and value is not None:
                    values[place] = value
        begin = until
    return found


def _counts(target_id: int, start: int, end: int, step_s: int) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(_COUNTS, {"target": target_id, "start": start, "end": end, "step": step_s})
        return list(cursor.fetchall())
