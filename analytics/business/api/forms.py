"""What may be asked of business figures; every mistake is told at once."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from django.http import HttpRequest

from analytics.business.selectors.ranges import RANGES, RangeQuery, range_of
from analytics.business.selectors.rows import today
from analytics.business.types import Dimension, Grain
from common.api.fields import Fields

FILTERS: Final = tuple(Dimension)


@dataclass(frozen=True, slots=True)
class MetricQuery:
    start: date
    end: date
    grain: Grain
    dimensions: tuple[Dimension, ...]
    filters: dict[Dimension, tuple[str, ...]]


def range_query(request: HttpRequest, *, has_grain: bool = False) -> RangeQuery:
    """Raises: RequestInvalid"""
    fields = Fields.of_query(request)
    name = _one_of(fields, "range", tuple(RANGES), "30d")
    grain = _one_of(fields, "grain", tuple(Grain), Grain.DAY) if has_grain else Grain.DAY
    fields.finish()
    return range_of(name, Grain(grain))


def metric_query(request: HttpRequest) -> MetricQuery:
    """Raises: RequestInvalid"""
    fields = Fields.of_query(request)
    end = _day(fields, "end", today() + timedelta(days=1))
    start = _day(fields, "start", end - timedelta(days=30))
    grain = Grain(_one_of(fields, "grain", tuple(Grain), Grain.DAY))
    named = fields.listed("dimensions")
    if unknown := [name for name in named if name not in tuple(Dimension)]:
        fields.refuse(
            "dimensions", "field.not_a_choice", f"There is no {unknown[0]}; send some of {_words(Dimension)}."
        )
        named = ()
    filters = {one: values for one in FILTERS if (values := fields.listed(one.value))}
    fields.finish()
    return MetricQuery(start, end, grain, tuple(Dimension(name) for name in named), filters)


def _one_of(fields: Fields, name: str, choices: tuple[str, ...], default: str) -> str:
    found = fields.text(name, default=default, length_max=20)
    if found not in choices:
        fields.refuse(name, "field.not_a_choice", f"Send one of: {', '.join(choices)}.")
        return default
    return found


def _day(fields: Fields, name: str, default: date) -> date:
    if fields.value(name) is None:
        return default
    text = fields.text(name, length_max=10)
    try:
        found = date.fromisoformat(text)
    except ValueError:
        found = None
    if found is None or not 1970 <= found.year <= 9000:
        fields.refuse(name, "field.not_a_date", "Send a day such as 2026-11-22.")
        return default
    return found


def _words(choices: type[Dimension]) -> str:
    return ", ".join(choices)
