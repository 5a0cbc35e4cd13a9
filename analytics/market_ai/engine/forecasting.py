"""What a model says of all outcomes of one market, or why it says nothing.

Contract   The probabilities of a market's outcomes sum to one; of a binary market only yes is asked, and no is the
           rest. A market is cold until ``TICKS_MIN`` minutes with a price are known and, where people trade here,
           ``TRADERS_MIN`` of them took part: then there is nothing to learn from beyond the price itself.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from analytics.market_ai.engine.predictor import Predictor, shared_out
from analytics.market_ai.engine.risk import Facts, assessed

TICKS_MIN: Final = 3
TRADERS_MIN: Final = 2


@dataclass(frozen=True, slots=True)
class OutcomeForecast:
    """Shares of 1. ``price`` is the market's at the same moment."""

    price: float
    probability: float
    low: float
    high: float
    confidence: float


@dataclass(frozen=True, slots=True)
class Forecast:
    """``features`` are those of the first outcome."""

    outcomes: tuple[OutcomeForecast, ...]
    features: dict[str, float]
    risk: str
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ColdMarket:
    """There is no estimate, and this is why."""

    reason: str


@dataclass(frozen=True, slots=True)
class MarketStanding:
    """A market now. ``prices`` of all outcomes; ``traders`` is None where nobody trades here."""

    source: str
    is_binary: bool
    prices: tuple[float, ...]
    traders: int | None


def forecast(
    market: MarketStanding, features: Sequence[Mapping[str, float]], ticks: Sequence[int], predictor: Predictor
) -> Forecast | ColdMarket:
    """``features`` and ``ticks`` of each outcome that is asked: one of a binary market."""
    cold = _cold(market, ticks)
    if cold:
        return ColdMarket(cold)
    asked = market.prices[: len(features)]
    said = [
        predictor.probability(list(each.values()), price, market.source)
        for each, price in zip(features, asked, strict=True)
    ]
    chances = [said[0], 1.0 - said[0]] if market.is_binary else shared_out(said)
    outcomes = tuple(_outcome(price, chance, predictor) for price, chance in zip(market.prices, chances, strict=True))
    facts = Facts(
        features=features[0],
        traders=market.traders,
        width=max(one.high - one.low for one in outcomes),
        gap=max(abs(one.probability - one.price) for one in outcomes),
        is_source_known=predictor.knows(market.source),
        lead=max(chances),
    )
    risk, reasons = assessed(facts)
    return Forecast(outcomes, dict(features[0]), risk.value, reasons)


def _cold(market: MarketStanding, ticks: Sequence[int]) -> str:
    if market.traders is not None and market.traders < TRADERS_MIN:
        return f"{market.traders} of {TRADERS_MIN} traders that an estimate needs have traded."
    if max(ticks, default=0) < TICKS_MIN:
        return f"Its price moved in {max(ticks, default=0)} minutes so far; an estimate needs {TICKS_MIN}."
    return ""


def _outcome(price: float, chance: float, predictor: Predictor) -> OutcomeForecast:
    told = predictor.estimate(chance)
    numbers = (price, told.probability, told.low, told.high, told.confidence)
    return OutcomeForecast(*(round(number, 6) for number in numbers))
