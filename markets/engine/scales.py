"""Scales of numeric and date markets: the buckets that are their outcomes, and what their prices say of the value.

A scale is a rising list of bounds; each bucket reaches from a bound up to, but not including, the next one. The last
bucket of a numeric scale without an open end includes its upper bound. A date scale counts days: a bound is the first
day of a bucket, so the day before the next bound is its last.

Rule       For mean and median a value is spread evenly over its bucket, and an open bucket counts as being as wide
           as the one next to it.
"""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from itertools import pairwise
from typing import Final

from common.errors import FieldError
from common.text import clean_text
from markets.errors import ResolutionInvalid
from markets.types import MarketKind, Scale, ScaleSpec, ScaleSummary

BUCKETS_MAX: Final = 100
UNIT_LENGTH_MAX: Final = 24
_FINEST: Final = Decimal("0.000001")
_LARGEST: Final = Decimal(10) ** 15
#: So that open buckets, however wide, stay within the calendar.
_YEARS: Final = range(1900, 3000)


def parse_value(kind: MarketKind, text: str) -> Decimal:
    """A number, or a date such as 2027-03-31 as its day's number; raises ``ValueError`` that ends "The value ..."."""
    if kind is MarketKind.DATE:
        try:
            day = date.fromisoformat(text.strip())
        except ValueError:
            raise ValueError("is no date such as 2027-03-31") from None
        if day.year not in _YEARS:
            raise ValueError("is no date from 1900 to 2999")
        return Decimal(day.toordinal())
    try:
        value = Decimal(text.strip())
    except InvalidOperation:
        raise ValueError("is no number such as 12.5") from None
    if not value.is_finite() or abs(value) > _LARGEST or value != value.quantize(_FINEST):
        raise ValueError("needs at most 15 digits before and 6 after the point")
    return value.quantize(_FINEST)


def format_value(kind: MarketKind, value: Decimal) -> str:
    """``12.5``, or the date of a day's number."""
    if kind is MarketKind.DATE:
        return date.fromordinal(int(value)).isoformat()
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") or "0" if "." in text else text


def scale_from(kind: MarketKind, spec: ScaleSpec, errors: list[FieldError]) -> Scale | None:
    """The scale that ``spec`` asks for, or ``None`` with what is wrong in ``errors``."""
    before = len(errors)
    bounds = _given_bounds(kind, spec, errors) if spec.bounds else _even_bounds(kind, spec, errors)
    unit = _unit(kind, spec.unit, errors)
    if len(errors) > before:
        return None
    field = "bounds" if spec.bounds else "upper"
    if len(bounds) < 2 or any(high <= low for low, high in pairwise(bounds)):
        _refuse(errors, field, "The bounds must rise, and be at least two.")
    elif not 2 <= len(bounds) - 1 + spec.below + spec.above <= BUCKETS_MAX:
        field = "bounds" if spec.bounds else "buckets"
        _refuse(errors, field, f"A market has 2 to {BUCKETS_MAX} buckets, those below and above included.")
    return None if len(errors) > before else Scale(bounds, unit, spec.below, spec.above)


def buckets(kind: MarketKind, scale: Scale) -> tuple[tuple[str, str], ...]:
    """Slug and name of each bucket, lowest first."""
    return tuple(_bucket(kind, scale, low, high) for low, high in edges(scale))


def edges(scale: Scale) -> list[tuple[Decimal | None, Decimal | None]]:
    """Lower and upper bound of each bucket, lowest first; ``None`` where it is open."""
    found: list[tuple[Decimal | None, Decimal | None]] = list(pairwise(scale.bounds))
    below = [(None, scale.bounds[0])] if scale.is_open_below else []
    return [*below, *found, *([(scale.bounds[-1], None)] if scale.is_open_above else [])]


def widths(scale: Scale) -> list[tuple[Decimal, Decimal]]:
    """Both ends of each bucket, with those of open ones by the rule above."""
    first, second, *_ = scale.bounds
    last, before = scale.bounds[-1], scale.bounds[-2]
    return [
        (low if low is not None else first - (second - first), high if high is not None else last + (last - before))
        for low, high in edges(scale)
    ]


def bucket_of(kind: MarketKind, scale: Scale, value: Decimal) -> int:
    """The index of the bucket that holds ``value``; raises ``ResolutionInvalid`` when none does."""
    for index, (low, high) in enumerate(edges(scale)):
        if (low is None or low <= value) and (high is None or value < high):
            return index
    if kind is MarketKind.NUMERIC and value == scale.bounds[-1]:
        return len(scale.bounds) - 2 + scale.is_open_below
    lowest, highest = (format_value(kind, bound) for bound in (scale.bounds[0], scale.bounds[-1]))
    detail = f"{format_value(kind, value)} is in no bucket; they reach from {lowest} to {highest}. Propose payouts."
    raise ResolutionInvalid(detail, field="/value")


def summarised(scale: Scale, prices: Sequence[int]) -> ScaleSummary | None:
    """What the prices of the buckets say of the value; nothing while they are all zero."""
    total = sum(prices)
    if total <= 0 or len(prices) != len(edges(scale)):
        return None
    mean, median, below = Decimal(0), None, 0
    for (low, high), price in zip(widths(scale), prices, strict=True):
        mean += (low + high) / 2 * price
        if median is None and 2 * (below + price) >= total:
            median = low + (high - low) * (Decimal(total) / 2 - below) / price
        below += price
    assert median is not None, "somewhere half is reached"
    mean = (mean / total).quantize(_FINEST)
    return ScaleSummary(mean, median.quantize(_FINEST), tuple(price / total for price in prices))


def _bucket(kind: MarketKind, scale: Scale, low: Decimal | None, high: Decimal | None) -> tuple[str, str]:
    unit = f" {scale.unit}" if scale.unit else ""
    if kind is MarketKind.DATE:
        last = None if high is None else format_value(kind, high - 1)
        first = None if low is None else format_value(kind, low)
        if first is None:
            return f"to-{last}", f"{last} or earlier"
        if last is None:
            return f"from-{first}", f"{first} or later"
        return (first, first) if first == last else (f"{first}--{last}", f"{first} to {last}")
    low_text, high_text = ("" if edge is None else format_value(kind, edge) for edge in (low, high))
    if low is None:
        return f"below-{_slug(high_text)}", f"Below {high_text}{unit}"
    if high is None:
        return f"from-{_slug(low_text)}", f"{low_text}{unit} or more"
    return f"{_slug(low_text)}-to-{_slug(high_text)}", f"{low_text} to {high_text}{unit}"


def _slug(number: str) -> str:
    return number.replace("-", "minus-").replace(".", "_")


def _given_bounds(kind: MarketKind, spec: ScaleSpec, errors: list[FieldError]) -> tuple[Decimal, ...]:
    for name, is_given in (("lower", spec.lower), ("upper", spec.upper), ("buckets", spec.buckets)):
        if is_given:
            _refuse(errors, name, "Leave it out, or leave out bounds.")
    return tuple(_value(kind, f"bounds/{i}", text, errors) for i, text in enumerate(spec.bounds))


def _even_bounds(kind: MarketKind, spec: ScaleSpec, errors: list[FieldError]) -> tuple[Decimal, ...]:
    before = len(errors)
    low, high = _value(kind, "lower", spec.lower, errors), _value(kind, "upper", spec.upper, errors)
    if not 1 <= spec.buckets <= BUCKETS_MAX:
        _refuse(errors, "buckets", f"Send 1 to {BUCKETS_MAX}, or bounds.")
    if len(errors) > before:
        return ()
    step, finest = (high - low) / spec.buckets, Decimal(1) if kind is MarketKind.DATE else _FINEST
    return tuple((low + step * i).quantize(finest) for i in range(spec.buckets + 1))


def _value(kind: MarketKind, name: str, text: str, errors: list[FieldError]) -> Decimal:
    try:
        return parse_value(kind, text)
    except ValueError as problem:
        _refuse(errors, name, f"The value {problem}.")
        return Decimal(0)


def _unit(kind: MarketKind, unit: str, errors: list[FieldError]) -> str:
    if kind is MarketKind.DATE and unit:
        _refuse(errors, "unit", "Dates have no unit. Leave it out.")
    try:
        return clean_text(unit, length_max=UNIT_LENGTH_MAX)
    except ValueError as problem:
        _refuse(errors, "unit", f"The unit {problem}.")
        return ""


def _refuse(errors: list[FieldError], name: str, detail: str) -> None:
    errors.append(FieldError(f"/scale/{name}", "market.invalid", detail))
