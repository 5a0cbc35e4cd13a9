"""The eleven features of a contract at a moment, folded from its ticks one by one.

Contract   ``FeatureState`` holds all that the past means for the features, in a size that doesn't grow; ``advanced``
           adds one tick, ``features_of`` reads them at a moment at or after the last tick. Training and serving both
           come through here, so they can't differ.
Invariant  A later tick never changes what was read before it: nothing looks ahead.
Windows    Decay by half-lives instead of borders: an hour-old change counts nearly whole, one a half-life old half.
"""

import math
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from typing import Any, Final

from analytics.market_ai.types import Surroundings, Tick

DAY_S: Final = 86_400.0
EDGE: Final = 0.002
_VOLATILITY_DAYS: Final = 7.0
_MOMENTUM_DAYS: Final = 3.0
_FAST_DAYS: Final = 1.0
_SLOW_DAYS: Final = 7.0
_IMPACT_STEPS: Final = 10.0
_DAYS_MAX: Final = 1_000.0


@dataclass(frozen=True, slots=True)
class FeatureSpec:
    """One feature as documents tell it; ``missing`` is its value where the source doesn't say."""

    name: str
    formula: str
    unit: str
    window: str
    missing: float


FEATURES: Final[tuple[FeatureSpec, ...]] = (
    FeatureSpec("total_volume", "log10(1 + value traded so far)", "log10 of credits", "since it opened", 0.0),
    FeatureSpec("participant_count", "ln(1 + traders so far, each once)", "ln of people", "since it opened", 0.0),
    FeatureSpec("days_remaining", "planned close - now, 0 to 1000", "days", "now", 30.0),
    FeatureSpec(
        "price_volatility",
        "sqrt(sum of squared steps of the log-odds / time they took)",
        "log-odds per square root of a day",
        "half-life 7 days",
        0.0,
    ),
    FeatureSpec(
        "volume_trend",
        "(rate of a day - rate of a week) / (their sum)",
        "-1 to 1",
        "half-lives 1 and 7 days",
        0.0,
    ),
    FeatureSpec("social_sentiment", "mean tone of comments, drawn to 0", "-1 to 1", "7 days, half-life 48 h", 0.0),
    FeatureSpec("news_sentiment", "mean tone of linked news, drawn to 0", "-1 to 1", "7 days, half-life 48 h", 0.0),
    FeatureSpec(
        "historical_accuracy",
        "1 - mean (price - outcome)^2 of answered contracts of the source, with 10 at 0.15",
        "0 to 1",
        "all answered before now",
        0.85,
    ),
    FeatureSpec(
        "category_risk",
        "share of prices on the wrong side of one half in the category, with 10 at 0.2",
        "0 to 1",
        "all answered before now",
        0.2,
    ),
    FeatureSpec(
        "liquidity_score",
        "1 / (1 + 50 x spread), or with the mean price step of a trade for the spread",
        "0 to 1",
        "the last quote, or about 10 steps",
        0.5,
    ),
    FeatureSpec(
        "momentum_indicator",
        "log-odds now - their mean over time",
        "log-odds",
        "half-life 3 days",
        0.0,
    ),
)
NAMES: Final = tuple(spec.name for spec in FEATURES)
_MISSING: Final = {spec.name: spec.missing for spec in FEATURES}


def log_odds(probability: float) -> float:
    """Of ``probability`` held between EDGE and 1 - EDGE."""
    held = min(max(probability, EDGE), 1.0 - EDGE)
    return math.log(held / (1.0 - held))


@dataclass(frozen=True, slots=True)
class FeatureState:
    """The past of one contract. Sums with a half-life are as of ``at``."""

    at: float | None = None
    price: float = 0.5
    mean_log_odds: float = 0.0
    square_sum: float = 0.0
    square_days: float = 0.0
    fast_volume: float = 0.0
    slow_volume: float = 0.0
    days_seen: float = 0.0
    volume: float | None = None
    trades: int | None = None
    participants: int | None = None
    spread: float | None = None
    step_mean: float | None = None
    ticks: int = 0

    def advanced(self, tick: Tick) -> "FeatureState":
        """The state after ``tick``, which isn't before the last one."""
        if self.at is None:
            return self._first(tick)
        days = max(0.0, tick.at - self.at) / DAY_S
        step = log_odds(tick.price) - log_odds(self.price)
        square_kept, fast_kept, slow_kept = (_kept(days, half) for half in (_VOLATILITY_DAYS, _FAST_DAYS, _SLOW_DAYS))
        added = _added(self.volume, tick.volume)
        return replace(
            self,
            at=max(tick.at, self.at),
            price=tick.price,
            mean_log_odds=_mean_then(self, days),
            square_sum=self.square_sum * square_kept + step * step,
            square_days=self.square_days * square_kept + _span(days, _VOLATILITY_DAYS),
            fast_volume=self.fast_volume * fast_kept + added,
            slow_volume=self.slow_volume * slow_kept + added,
            days_seen=self.days_seen + days,
            volume=_latest(tick.volume, self.volume),
            trades=_latest(tick.trades, self.trades),
            participants=_latest(tick.participants, self.participants),
            spread=tick.spread,
            step_mean=_step_mean(self, abs(tick.price - self.price), tick),
            ticks=self.ticks + 1,
        )

    def _first(self, tick: Tick) -> "FeatureState":
        traded = tick.volume or 0.0
        return FeatureState(
            at=tick.at,
            price=tick.price,
            mean_log_odds=log_odds(tick.price),
            fast_volume=traded,
            slow_volume=traded,
            volume=tick.volume,
            trades=tick.trades,
            participants=tick.participants,
            spread=tick.spread,
            ticks=1,
        )

    def document(self) -> dict[str, Any]:
        """JSON-ready; ``FeatureState(**document)`` is the same state."""
        return asdict(self)


def fold(ticks: Iterable[Tick], state: FeatureState = FeatureState()) -> FeatureState:
    """``state`` after all of ``ticks``, oldest first."""
    for tick in ticks:
        state = state.advanced(tick)
    return state


def volatility(state: FeatureState, at: float) -> float:
    """Log-odds per square root of a day; 0 before a second tick."""
    days = _days_since(state, at)
    kept = _kept(days, _VOLATILITY_DAYS)
    spent = state.square_days * kept + _span(days, _VOLATILITY_DAYS)
    # Below some minutes the root would tell of the clock more than of the market.
    return math.sqrt(state.square_sum * kept / max(spent, 0.01)) if state.ticks > 1 else _MISSING["price_volatility"]


def momentum(state: FeatureState, at: float) -> float:
    """How far the log-odds are above their mean over time; 0 before a second tick."""
    return log_odds(state.price) - _mean_then(state, _days_since(state, at)) if state.ticks > 1 else 0.0


def volume_trend(state: FeatureState, at: float) -> float:
    """From -1 (trading ended) over 0 (as ever, or unknown) to 1 (it began now)."""
    days = _days_since(state, at)
    seen = state.days_seen + days
    fast = state.fast_volume * _kept(days, _FAST_DAYS) / max(_span(seen, _FAST_DAYS), 0.01)
    slow = state.slow_volume * _kept(days, _SLOW_DAYS) / max(_span(seen, _SLOW_DAYS), 0.01)
    return (fast - slow) / (fast + slow) if fast + slow > 0.0 else _MISSING["volume_trend"]


def liquidity(state: FeatureState) -> float:
    """From 0 (a trade moves the price far) to 1."""
    reach = state.spread if state.spread is not None else state.step_mean
    return _MISSING["liquidity_score"] if reach is None else 1.0 / (1.0 + 50.0 * max(0.0, reach))


def features_of(state: FeatureState, at: float, around: Surroundings) -> tuple[float, ...]:
    """The values of FEATURES in their order, as of ``at``, which isn't before the last tick."""
    assert state.at is None or at >= state.at, "features look back only"
    values = {
        "total_volume": None if state.volume is None else math.log10(1.0 + state.volume),
        "participant_count": None if state.participants is None else math.log1p(state.participants),
        "days_remaining": _days_remaining(around.closes_at, at),
        "price_volatility": volatility(state, at),
        "volume_trend": volume_trend(state, at),
        "social_sentiment": around.social_sentiment,
        "news_sentiment": around.news_sentiment,
        "historical_accuracy": around.historical_accuracy,
        "category_risk": around.category_risk,
        "liquidity_score": liquidity(state),
        "momentum_indicator": momentum(state, at),
    }
    return tuple(_MISSING[name] if (value := values[name]) is None else round(value, 6) for name in NAMES)


def _days_remaining(closes_at: float | None, at: float) -> float | None:
    return None if closes_at is None else min(max(0.0, closes_at - at) / DAY_S, _DAYS_MAX)


def _days_since(state: FeatureState, at: float) -> float:
    return 0.0 if state.at is None else max(0.0, at - state.at) / DAY_S


def _kept(days: float, half_life: float) -> float:
    return float(2.0 ** (-days / half_life))


def _span(days: float, half_life: float) -> float:
    """The time of ``days``, each moment weighted by how much of it is kept at their end."""
    return (1.0 - _kept(days, half_life)) * half_life / math.log(2.0)


def _mean_then(state: FeatureState, days: float) -> float:
    now = log_odds(state.price)
    return now + (state.mean_log_odds - now) * _kept(days, _MOMENTUM_DAYS)


def _added(before: float | None, now: float | None) -> float:
    return 0.0 if now is None else max(0.0, now - (before or 0.0))


def _latest(now: Any, before: Any) -> Any:
    return before if now is None else now


def _step_mean(state: FeatureState, step: float, tick: Tick) -> float | None:
    """The mean price step of a trade; unknown where trades aren't counted."""
    if tick.trades is None:
        return state.step_mean
    fills = tick.trades - (state.trades or 0)
    if fills <= 0:
        return state.step_mean
    each = step / fills
    if state.step_mean is None:
        return each
    kept = (1.0 - 1.0 / _IMPACT_STEPS) ** fills
    return state.step_mean * kept + each * (1.0 - kept)
