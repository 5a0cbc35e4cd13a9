"""How good probabilities were: beside the price and beside the base rate, at the same moments.

Contract   A contract weighs 1 however often it was told. Differences are model minus price, below 0 where the model
           is better; their 95 % interval comes from drawing groups, not contracts, with replacement, because
           contracts of one group are right or wrong together; it is widened by Student's t, because a spread that is
           read off few groups is itself uncertain. ``is_noise``: the interval holds 0, or there are fewer than two
           groups and nothing can be said.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np

from analytics.market_ai.engine.learning import intervals
from analytics.market_ai.engine.learning.matrix import Floats, Matrix
from analytics.market_ai.engine.learning.walk import Walk

LOG_EDGE: Final = 0.002
BINS: Final = 10
_DRAWS: Final = 2_000
_SEED: Final = 7
#: For 1 to 4 degrees of freedom, where the series below is too short.
_STUDENT: Final = (12.706, 4.303, 3.182, 2.776)


def report(rows: Matrix, made: Walk) -> dict[str, Any]:
    """JSON-ready: ``sources`` by name, ``pooled``, and the reliability diagram of model and price."""
    base = base_rates(rows)
    names = sorted(set(rows.source))
    parts = {name: rows.source == name for name in names}
    everything = np.ones(len(rows), dtype=np.bool_)
    return {
        "sources": {name: _entry(rows, made, base, part) for name, part in parts.items()},
        "pooled": _entry(rows, made, base, everything),
        "reliability": {
            "model": reliability(made.probability, rows.outcome, rows.weight),
            "price": reliability(rows.price, rows.outcome, rows.weight),
        },
    }


def _entry(rows: Matrix, made: Walk, base: Floats, part: Any) -> dict[str, Any]:
    truth, weight = rows.outcome[part], rows.weight[part]
    told = {"model": made.probability[part], "price": rows.price[part], "base": base[part]}
    losses = {name: (squares(one, truth), logs(one, truth)) for name, one in told.items()}
    held = intervals.is_held(made.probability[part], made.reach[part], truth)
    with_interval = ~np.isnan(held)
    return {
        "contracts": len(set(rows.key[part])),
        "groups": len(set(rows.group[part].tolist())),
        "samples": int(part.sum()),
        "told": _rounded(_mean(made.is_told[part].astype(np.float64), weight)),
        "brier": {name: _rounded(_mean(loss[0], weight)) for name, loss in losses.items()},
        "log_loss": {name: _rounded(_mean(loss[1], weight)) for name, loss in losses.items()},
        "calibration_error": {name: _rounded(calibration_error(one, truth, weight)) for name, one in told.items()},
        "brier_difference": difference(losses["model"][0] - losses["price"][0], weight, rows.group[part]),
        "log_loss_difference": difference(losses["model"][1] - losses["price"][1], weight, rows.group[part]),
        "interval_contracts": len(set(rows.key[part][with_interval])),
        "interval_coverage": _rounded(_mean(held[with_interval], weight[with_interval])),
    }


def base_rates(rows: Matrix) -> Floats:
    """Before each row: the share of yes among the source's answered contracts, with one yes and one no in advance."""
    found = np.full(len(rows), 0.5)
    for name in set(rows.source):
        places = np.flatnonzero(rows.source == name)
        _, firsts = np.unique(rows.key[places], return_index=True)
        known, answers = rows.known_at[places[firsts]], rows.outcome[places[firsts]]
        order = np.argsort(known, kind="stable")
        counts = np.searchsorted(known[order], rows.at[places], side="left")
        sums = np.concatenate([[0.0], np.cumsum(answers[order])])
        found[places] = (sums[counts] + 1.0) / (counts + 2.0)
    return found


def squares(probability: Floats, outcome: Floats) -> Floats:
    return np.asarray((probability - outcome) ** 2, dtype=np.float64)


def logs(probability: Floats, outcome: Floats) -> Floats:
    """Held at LOG_EDGE: a certain price that is wrong costs much, not everything."""
    right = np.where(outcome > 0.5, probability, 1.0 - probability)
    return np.asarray(-np.log(np.clip(right, LOG_EDGE, 1.0)), dtype=np.float64)


def difference(losses: Floats, weight: Floats, group: Any) -> dict[str, Any]:
    """The mean of ``losses`` with the interval of drawing groups."""
    numbers, places = np.unique(group, return_inverse=True)
    sums = np.bincount(places, losses * weight, len(numbers))
    weights = np.bincount(places, weight, len(numbers))
    mean = float(sums.sum() / weights.sum())
    if len(numbers) < 2:
        return {"mean": _rounded(mean), "low": None, "high": None, "is_noise": True}
    drawn = np.random.default_rng(_SEED).integers(0, len(numbers), (_DRAWS, len(numbers)))
    means = sums[drawn].sum(axis=1) / weights[drawn].sum(axis=1)
    reach = student(len(numbers) - 1) * float(means.std())
    low, high = mean - reach, mean + reach
    return {"mean": _rounded(mean), "low": _rounded(low), "high": _rounded(high), "is_noise": low <= 0.0 <= high}


def student(freedom: int) -> float:
    """How many standard errors hold 95 % of Student's t; with few groups more than the 1.96 of the normal."""
    if freedom <= len(_STUDENT):
        return _STUDENT[freedom - 1]
    z = 1.959964
    return z + (z**3 + z) / (4 * freedom) + (5 * z**5 + 16 * z**3 + 3 * z) / (96 * freedom**2)


def reliability(probability: Floats, outcome: Floats, weight: Floats) -> list[dict[str, Any]]:
    """Ten bins: what was said, what happened, and how many contracts that is; empty bins are left out."""
    place = np.minimum((probability * BINS).astype(np.int64), BINS - 1)
    found = []
    for number in range(BINS):
        own = place == number
        if own.any():
            said, happened = _mean(probability[own], weight[own]), _mean(outcome[own], weight[own])
            contracts = round(float(weight[own].sum()), 1)
            found.append({"said": _rounded(said), "happened": _rounded(happened), "contracts": contracts})
    return found


def calibration_error(probability: Floats, outcome: Floats, weight: Floats) -> float:
    """The mean distance between said and happened over the ten bins, by contracts."""
    bins = reliability(probability, outcome, weight)
    total = sum(one["contracts"] for one in bins)
    gaps: float = sum(abs(one["said"] - one["happened"]) * one["contracts"] for one in bins)
    return gaps / total if total else 0.0


def worse_sources(sources: Mapping[str, Mapping[str, Any]]) -> Sequence[str]:
    """Sources where the model is worse than the price by more than noise, by either score."""
    return [
        name
        for name, entry in sources.items()
        for score in ("brier_difference", "log_loss_difference")
        if entry[score]["mean"] > 0.0 and not entry[score]["is_noise"]
    ]


def _mean(values: Floats, weight: Floats) -> float | None:
    return float(np.average(values, weights=weight)) if weight.sum() > 0.0 else None


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 6)
