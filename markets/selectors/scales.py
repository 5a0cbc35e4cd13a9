"""Scales of numeric and date markets, for readers of other apps."""

from collections.abc import Sequence
from decimal import Decimal
from functools import lru_cache
from math import floor, log10

from markets.engine import scales
from markets.types import MarketKind, Scale, ScaleSummary


def bucket_edges(scale: Scale) -> list[tuple[Decimal | None, Decimal | None]]:
    """Lower and upper bound of each bucket, lowest first; ``None`` where it is open."""
    return scales.edges(scale)


def bucket_widths(scale: Scale) -> list[tuple[Decimal, Decimal]]:
    """Both ends of each bucket; an open one is as wide as its neighbour."""
    return scales.widths(scale)


def scale_summary(scale: Scale, prices: Sequence[int]) -> ScaleSummary | None:
    """Mean, median and each bucket's part by ``prices``; nothing while there are none."""
    return scales.summarised(scale, prices)


def value_text(kind: str, value: Decimal) -> str:
    """A value of the scale as people and the API write it."""
    return scales.format_value(MarketKind(kind), value)


@lru_cache(1_000)
def parsed_scale(kind: str, bounds: tuple[str, ...], unit: str, is_open_below: bool, is_open_above: bool) -> Scale:
    """A scale from texts as ``value_text`` makes them."""
    values = tuple(scales.parse_value(MarketKind(kind), text) for text in bounds)
    return Scale(values, unit, is_open_below, is_open_above)


def short_value(kind: str, scale: Scale, value: Decimal) -> str:
    """A value with its unit, to a hundredth of the narrowest bucket."""
    if kind == "date":
        return value_text(kind, value)
    narrowest = min(high - low for low, high in bucket_widths(scale))
    digits = min(max(2 - floor(log10(narrowest)), 0), 6)
    text = value_text(kind, round(value, digits) if digits else Decimal(round(value)))
    return f"{text} {scale.unit}" if scale.unit else text
