"""What may be asked of reports; every mistake is told at once, with its field and the fix."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time
from typing import Any, Final

from django.http import HttpRequest

from analytics.reports.engine.definitions import FILTER_VALUES_MAX, TITLE_MAX
from analytics.reports.services.save_definition import RECIPIENTS_MAX, ScheduleSpec
from analytics.reports.types import Cadence, Definition, Delivery, Format, Grain, Period
from common.api.errors import RequestInvalid
from common.api.fields import Fields, is_storable
from common.paging import LIMIT_DEFAULT, LIMIT_MAX

ID_MAX: Final = 10**18
KEY_LENGTH_MAX: Final = 60
_NAMES_MAX: Final = 50
_UNTITLED: Final = "Report"


@dataclass(frozen=True, slots=True)
class OrderForm:
    """Either a kept definition or one that is sent along."""

    definition_id: int | None
    definition: Definition | None


@dataclass(frozen=True, slots=True)
class DefinitionForm:
    definition: Definition
    shared_with: tuple[str, ...]
    schedule: ScheduleSpec | None


@dataclass(frozen=True, slots=True)
class ReportsQuery:
    definition_id: int | None
    limit: int
    cursor: str | None


def order_from(body: dict[str, Any]) -> OrderForm:
    """Raises: RequestInvalid"""
    fields = Fields(body)
    definition_id = fields.optional_integer("definition_id", low=1, high=ID_MAX)
    definition = None if "definition_id" in body else _definition(fields, title=_UNTITLED)
    fields.finish()
    return OrderForm(definition_id, definition)


def definition_from_body(body: dict[str, Any]) -> DefinitionForm:
    """Raises: RequestInvalid"""
    fields = Fields(body)
    definition = _definition(fields, title="")
    shared_with = fields.texts("shared_with", count_max=10)
    schedule = _schedule(fields)
    fields.finish()
    return DefinitionForm(definition, shared_with, schedule)


def reports_query(request: HttpRequest) -> ReportsQuery:
    """Raises: RequestInvalid"""
    fields = Fields.of_query(request)
    found = ReportsQuery(
        definition_id=fields.optional_integer("definition_id", low=1, high=ID_MAX),
        limit=fields.integer("limit", low=1, high=LIMIT_MAX, default=LIMIT_DEFAULT),
        cursor=fields.text("cursor", length_max=500) or None,
    )
    fields.finish()
    return found


def idempotency_key(request: HttpRequest) -> str:
    """Raises: RequestInvalid"""
    key: str = request.headers.get("Idempotency-Key", "")
    if len(key) > KEY_LENGTH_MAX or not key.isascii() or (key and not key.isprintable()):
        detail = f"Send at most {KEY_LENGTH_MAX} printable ASCII characters as Idempotency-Key."
        raise RequestInvalid(detail, field="/Idempotency-Key")
    return key


def _definition(fields: Fields, *, title: str) -> Definition:
    return Definition(
        title=fields.text("title", default=title, length_max=TITLE_MAX, is_required=not title),
        metrics=fields.texts("metrics", count_max=_NAMES_MAX),
        dimensions=fields.texts("dimensions", count_max=_NAMES_MAX),
        filters=_filters(fields),
        period=fields.choice("period", Period, default=Period.LAST_30_DAYS),
        first_on=_day(fields, "first_on"),
        last_on=_day(fields, "last_on"),
        grain=fields.choice("grain", Grain, default=Grain.DAY),
        format=fields.choice("format", Format, default=Format.PDF),
    )


def _filters(fields: Fields) -> Mapping[str, tuple[str, ...]]:
    value = fields.value("filters")
    if value is None:
        return {}
    if not isinstance(value, dict) or not all(_is_choice(one) for one in value.items()):
        fields.refuse(
            "filters", "field.not_texts", 'Send lists of values by dimension, such as {"topic": ["science"]}.'
        )
        return {}
    return {name: tuple(values) for name, values in value.items()}


def _is_choice(item: tuple[str, Any]) -> bool:
    name, values = item
    is_list = isinstance(values, list) and len(values) <= 2 * FILTER_VALUES_MAX
    return is_storable(name) and is_list and all(isinstance(one, str) and is_storable(one) for one in values)


def _day(fields: Fields, name: str) -> date | None:
    text = fields.text(name, length_max=10)
    if not text:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = None
    if day is None or not 1970 <= day.year <= 9990:
        fields.refuse(name, "field.not_a_time", "Send a day such as 2026-11-22.")
        return None
    return day


def _schedule(fields: Fields) -> ScheduleSpec | None:
    value = fields.value("schedule")
    if value is None:
        return None
    if not isinstance(value, dict):
        fields.refuse("schedule", "field.not_texts", 'Send an object such as {"cadence": "daily", "at": "06:30"}.')
        return None
    parts = Fields(value, parent="/schedule")
    spec = ScheduleSpec(
        cadence=parts.choice("cadence", Cadence),
        at=_clock_time(parts),
        time_zone=parts.text("time_zone", length_max=64, is_required=True),
        weekday=parts.integer("weekday", low=0, high=6, default=0),
        day=parts.integer("day", low=1, high=31, default=1),
        delivery=parts.choice("delivery", Delivery, default=Delivery.IN_APP),
        recipients=parts.texts("recipients", count_max=RECIPIENTS_MAX, length_max=32),
        is_on=True if parts.value("is_on") is None else parts.flag("is_on"),
    )
    parts.refuse_unknown()
    fields.errors += parts.errors
    return spec


def _clock_time(parts: Fields) -> time:
    text = parts.text("at", length_max=5, is_required=True)
    try:
        return time.fromisoformat(text) if len(text) == 5 else time.fromisoformat("")
    except ValueError:
        parts.refuse("at", "field.not_a_time", "Send a time of day such as 06:30.")
        return time(0, 0)
