"""The chart of a numeric or date market: the buckets' prices as bars over the scale, with mean and median."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from django.utils.translation import gettext

from common.languages import outcome_word
from markets.selectors.scales import bucket_edges, bucket_widths, scale_summary, short_value
from markets.types import Scale
from trading.selectors.market_detail import MarketDetail
from trading.web.verdict import tick_words, value_words

WIDTH: Final = 1_000
HEIGHT: Final = 240
#: Between two bars.
_GAP: Final = 4
_LABELS: Final = 4


@dataclass(frozen=True, slots=True)
class Bar:
    """One bucket in units of the drawing; ``part`` is its probability."""

    x: float
    y: float
    width: float
    height: float
    name: str
    part: float
    is_open: bool


@dataclass(frozen=True, slots=True)
class Distribution:
    """``mean`` and ``median`` as text with where they stand; ``labels`` are texts along the scale, evenly spaced."""

    bars: tuple[Bar, ...]
    mean: str
    mean_x: float
    median: str
    median_x: float
    labels: tuple[str, ...]


def distribution(market: MarketDetail) -> Distribution | None:
    """Nothing for a market without a scale, or without prices."""
    scale = market.scale
    summary = None if scale is None else scale_summary(scale, [outcome.price or 0 for outcome in market.outcomes])
    if scale is None or summary is None:
        return None
    widths = bucket_widths(scale)
    low, high = widths[0][0], widths[-1][1]
    most = max(summary.parts)
    edges = bucket_edges(scale)
    bars = [
        _bar(_at(left, low, high), _at(right, low, high), part / most, outcome_word(outcome.name), part, None in edge)
        for (left, right), edge, part, outcome in zip(widths, edges, summary.parts, market.outcomes, strict=True)
    ]
    return Distribution(
        bars=tuple(bars),
        mean=value_words(market.kind, short_value(market.kind, scale, summary.mean)),
        mean_x=_at(summary.mean, low, high),
        median=value_words(market.kind, short_value(market.kind, scale, summary.median)),
        median_x=_at(summary.median, low, high),
        labels=tuple(_labels(market.kind, scale, low, high)),
    )


def _bar(left: float, right: float, share: float, name: str, part: float, is_open: bool) -> Bar:
    height = round(max(share * (HEIGHT - 8), 1.0), 1)
    width = round(max(right - left - _GAP, 1.0), 1)
    return Bar(round(left + _GAP / 2, 1), round(HEIGHT - height, 1), width, height, name, part, is_open)


def _at(value: Decimal, low: Decimal, high: Decimal) -> float:
    return round(float((value - low) / (high - low)) * WIDTH, 1)


def _labels(kind: str, scale: Scale, low: Decimal, high: Decimal) -> list[str]:
    values = [short_value(kind, scale, low + (high - low) * i / _LABELS) for i in range(_LABELS + 1)]
    texts = [tick_words(kind, value) for value in values]
    if scale.is_open_below:
        texts[0] = gettext("earlier") if kind == "date" else gettext("lower")
    if scale.is_open_above:
        texts[-1] = gettext("later") if kind == "date" else gettext("higher")
    return texts
