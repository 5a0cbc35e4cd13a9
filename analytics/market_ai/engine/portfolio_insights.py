"""Sentences about a portfolio, each with its evidence. Sums and shares are exact; correlations are tested."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from analytics.market_ai.engine import significance
from analytics.market_ai.engine.portfolio import (
    Concentration,
    Edge,
    Holding,
    Pair,
    concentration,
    edge,
    pairs,
    worst_case,
)

LEVEL: Final = 0.05
EXACT: Final = "none: it is arithmetic"
_PAIRS_SHOWN: Final = 5


@dataclass(frozen=True, slots=True)
class PortfolioInsight:
    """``slug``: the market it is about, or empty. ``significance`` is ``None`` for what is exact."""

    kind: str
    sentence: str
    evidence: dict[str, Any]
    test: str
    significance: float | None
    slug: str


@dataclass(frozen=True, slots=True)
class PortfolioFacts:
    """Amounts in credits."""

    value: float
    cost: float
    worst_case: float
    concentration: Concentration | None
    edge: Edge
    pairs: tuple[Pair, ...]
    mean_correlation: float | None
    insights: tuple[PortfolioInsight, ...]

    @property
    def unrealised(self) -> float:
        return self.value - self.cost


def facts_of(holdings: Sequence[Holding]) -> PortfolioFacts:
    value = sum(one.value for one in holdings)
    found_pairs, found_edge, spread = pairs(holdings), edge(holdings), concentration(holdings)
    lost = worst_case(holdings)
    insights = [
        *_concentrated(spread),
        *_lost(lost, value),
        *_together(found_pairs),
        *_grouped(holdings, value),
        *_edged(found_edge),
    ]
    return PortfolioFacts(
        value=value,
        cost=sum(one.cost for one in holdings),
        worst_case=lost,
        concentration=spread,
        edge=found_edge,
        pairs=tuple(found_pairs[:_PAIRS_SHOWN]),
        mean_correlation=sum(p.correlation for p in found_pairs) / len(found_pairs) if found_pairs else None,
        insights=tuple(insights),
    )


def _concentrated(found: Concentration | None) -> list[PortfolioInsight]:
    if found is None or found.largest_share < 0.4:
        return []
    percent = round(100 * found.largest_share)
    sentence = f"{percent} % of your positions' value is in one market: {found.largest.question}"
    evidence = {"share": round(found.largest_share, 4), "effective_markets": round(found.effective, 2)}
    return [PortfolioInsight("concentration", sentence, evidence, EXACT, None, found.largest.slug)]


def _lost(lost: float, value: float) -> list[PortfolioInsight]:
    if value <= 0.0:
        return []
    sentence = (
        f"If everything goes against you, you lose {lost:.2f} credits, {round(100 * lost / value)} % of the value."
    )
    return [PortfolioInsight("worst_case", sentence, {"loss": round(lost, 4)}, EXACT, None, "")]


def _together(found: Sequence[Pair]) -> list[PortfolioInsight]:
    kept = significance.discoveries([pair.chance for pair in found], LEVEL)
    return [_pair_insight(pair, chance) for pair, chance in zip(found, kept, strict=True) if chance is not None][
        :_PAIRS_SHOWN
    ]


def _pair_insight(pair: Pair, chance: float) -> PortfolioInsight:
    word = "together" if pair.correlation > 0 else "against each other"
    names = " and ".join(f"{one.outcome_name} of “{one.question}”" for one in (pair.left, pair.right))
    return PortfolioInsight(
        "correlation",
        f"{names} moved {word} (correlation {pair.correlation:+.2f} over {pair.days} days).",
        {"correlation": round(pair.correlation, 4), "days": pair.days},
        "correlation of daily moves of the log-odds",
        chance,
        pair.left.slug,
    )


def _grouped(holdings: Sequence[Holding], value: float) -> list[PortfolioInsight]:
    """Markets about one event, whatever their prices did."""
    groups: dict[str, dict[int, float]] = {}
    for one in holdings:
        if one.event_group:
            held = groups.setdefault(one.event_group, {})
            held[one.market_id] = held.get(one.market_id, 0.0) + one.value
    shared = {name: sum(held.values()) / value for name, held in groups.items() if len(held) > 1 and value > 0}
    return [
        PortfolioInsight(
            "event_group",
            f"{round(100 * share)} % of the value hangs on one event in {len(groups[name])} markets ({name}).",
            {"share": round(share, 4), "markets": len(groups[name])},
            EXACT,
            None,
            "",
        )
        for name, share in sorted(shared.items(), key=lambda item: -item[1])
        if share >= 0.2
    ][:_PAIRS_SHOWN]


def _edged(found: Edge) -> list[PortfolioInsight]:
    gains = {id(one): gain for one, gain in found.by_holding}
    return [_edge_insight(one, gains[id(one)]) for one in found.sure[:_PAIRS_SHOWN]]


def _edge_insight(one: Holding, gain: float) -> PortfolioInsight:
    assert one.estimate is not None
    estimate, low, high = one.estimate
    beside = f"{'more' if gain > 0 else 'less'} than its price of {one.price:.0%}"
    return PortfolioInsight(
        "model_edge",
        f"The model puts {one.outcome_name} of “{one.question}” at {estimate:.0%}, {beside}.",
        {"estimate": round(estimate, 4), "low": round(low, 4), "high": round(high, 4), "credits": round(gain, 4)},
        "the price is outside of the model's interval of 80 %",
        0.2,
        one.slug,
    )
