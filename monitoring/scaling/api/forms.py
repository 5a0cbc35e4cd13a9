"""What may be asked of scaling; every mistake is told at once, with its field and the fix."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from django.http import HttpRequest

from common.api.fields import Fields
from monitoring.engine.spans import SPANS
from monitoring.scaling.selectors.decisions import LIMIT_MAX
from monitoring.scaling.selectors.timeline import OtherPolicy
from monitoring.scaling.services.save_policy import PolicySpec
from monitoring.scaling.types import Pause

COUNT_MAX: Final = 10_000
DAY_S: Final = 86_400
_HOUR_S: Final = 3_600


class TimelineRange(StrEnum):
    """Rounds that changed nothing are kept three days, so a week shows changes only beyond that."""

    HOUR = "1h"
    SIX_HOURS = "6h"
    DAY = "24h"
    WEEK = "7d"


class _Flag(StrEnum):
    TRUE = "true"
    FALSE = "false"


@dataclass(frozen=True, slots=True)
class DecisionsQuery:
    target: str
    only_changes: bool
    before: datetime | None
    limit: int
    cursor: str | None


@dataclass(frozen=True, slots=True)
class ManualForm:
    target: str
    count: int
    reason: str
    duration_s: int


@dataclass(frozen=True, slots=True)
class PauseForm:
    target: str
    pause: Pause
    reason: str
    duration_s: int


@dataclass(frozen=True, slots=True)
class TimelineQuery:
    target: str
    span: timedelta


def pause_from(body: dict[str, Any]) -> PauseForm:
    """Raises: RequestInvalid"""
    fields = Fields(body)
    pause = fields.choice("pause", Pause)
    form = PauseForm(
        target=fields.text("target", default="web", length_max=40),
        pause=pause,
        reason=fields.text("reason", length_max=200, is_required=pause is not Pause.NONE),
        duration_s=fields.integer("duration_s", low=60, high=7 * DAY_S, default=_HOUR_S),
    )
    fields.finish()
    return form


def release_from(body: dict[str, Any]) -> str:
    """Raises: RequestInvalid"""
    fields = Fields(body)
    target = fields.text("target", default="web", length_max=40)
    fields.finish()
    return target


def timeline_query(request: HttpRequest) -> TimelineQuery:
    """Raises: RequestInvalid"""
    fields = Fields.of_query(request)
    target = fields.text("target", default="web", length_max=40)
    span = fields.choice("range", TimelineRange, default=TimelineRange.DAY)
    fields.finish()
    return TimelineQuery(target, timedelta(seconds=SPANS[span]))


def what_if_from(body: dict[str, Any]) -> tuple[str, OtherPolicy]:
    """Raises: RequestInvalid"""
    fields = Fields(body)
    target = fields.text("target", default="web", length_max=40)
    other = OtherPolicy(
        name=fields.text("name", length_max=60, is_required=True),
        scale_up=fields.number("scale_up_threshold"),
        scale_down=fields.number("scale_down_threshold"),
        target=fields.number("target_value"),
        low=_count(fields, "min_instances"),
        high=_count(fields, "max_instances"),
        cooldown_s=fields.optional_integer("cooldown_period", low=0, high=DAY_S),
    )
    if other.target is not None and other.target <= 0:
        fields.refuse("target_value", "field.out_of_range", "Send more than 0, or leave it out.")
    fields.finish()
    return target, other


def manual_from(body: dict[str, Any]) -> ManualForm:
    """Raises: RequestInvalid"""
    fields = Fields(body)
    form = ManualForm(
        target=fields.text("target", default="web", length_max=40),
        count=fields.integer("target_instances", low=1, high=COUNT_MAX),
        reason=fields.text("reason", length_max=200, is_required=True),
        duration_s=fields.integer("duration_s", low=60, high=DAY_S, default=_HOUR_S),
    )
    fields.finish()
    return form


def policy_from(body: dict[str, Any]) -> PolicySpec:
    """Raises: RequestInvalid"""
    fields = Fields(body)
    spec = PolicySpec(
        name=fields.text("name", length_max=60, is_required=True),
        metric_name=fields.text("metric_name", length_max=64, is_required=True),
        scale_up=fields.number("scale_up_threshold", is_required=True) or 0.0,
        scale_down=fields.number("scale_down_threshold", is_required=True) or 0.0,
        target=fields.text("target", default="web", length_max=40),
        low=_count(fields, "min_instances"),
        high=_count(fields, "max_instances"),
        cooldown_s=fields.optional_integer("cooldown_period", low=0, high=DAY_S),
        is_shared=fields.flag("per_instance"),
        target_value=fields.number("target_value"),
    )
    fields.finish()
    return spec


def decisions_query(request: HttpRequest) -> DecisionsQuery:
    """Raises: RequestInvalid"""
    fields = Fields.of_query(request)
    found = DecisionsQuery(
        target=fields.text("target", length_max=40),
        only_changes=fields.choice("changes", _Flag, default=_Flag.FALSE) is _Flag.TRUE,
        before=fields.moment("before"),
        limit=fields.integer("limit", low=1, high=LIMIT_MAX, default=100),
        cursor=fields.text("cursor", length_max=500) or None,
    )
    fields.finish()
    return found


def _count(fields: Fields, name: str) -> int | None:
    return fields.optional_integer(name, low=1, high=COUNT_MAX)
