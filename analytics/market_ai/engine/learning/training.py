"""Train a model and measure it, in one walk through history.

Contract   What is measured never saw what it is measured on (``walk``); what is stored learned from everything. The
           stack, the interval and the confidence of the stored model come from the walk's own predictions.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from analytics.market_ai.engine.features import NAMES
from analytics.market_ai.engine.learning import artefact, ensembles, intervals, scores, stack
from analytics.market_ai.engine.learning.matrix import COLUMNS, Matrix, matrix_of
from analytics.market_ai.engine.learning.walk import BLOCKS, Walk, walk
from analytics.market_ai.types import Sample

Progress = Callable[[int, int, str], None]
CONTRACTS_MIN: Final = 40
_SIZES: Final = (0.1, 0.25, 0.5, 1.0)
_SEED: Final = 11


class TooFewContracts(Exception):
    """There is too little to learn from; ``count`` contracts."""

    def __init__(self, count: int) -> None:
        super().__init__(f"{count} answered contracts; {CONTRACTS_MIN} with both answers are needed")
        self.count = count


@dataclass(frozen=True, slots=True)
class Trained:
    """``document`` is the model; ``metrics`` what the registry and the model card show."""

    document: dict[str, Any]
    metrics: dict[str, Any]
    rows: Matrix
    told: Walk


def train(samples: Sequence[Sample], *, blocks: int = BLOCKS, progress: Progress = lambda *_: None) -> Trained:
    """Raises: TooFewContracts"""
    rows = matrix_of(samples)
    check_enough(rows)
    told = walk(rows, blocks=blocks, progress=lambda done, total: progress(done, total + 2, "walking through history"))
    trained = ensembles.fit(rows)
    joined = stack.fit(rows, told.moved)
    own = told.is_told
    reach = intervals.reach_of(told.probability[own], rows.outcome[own], rows.weight[own])
    steps = artefact.confidence_steps(told.probability[own], rows.outcome[own], rows.weight[own])
    progress(blocks + 1, blocks + 2, "measuring")
    metrics = scores.report(rows, told) | {
        "importance": importance(rows),
        "learning_curve": learning_curve(rows),
        "stack": {
            "slope": _rounded(joined.joint[0]),
            "forest": _rounded(joined.joint[2]),
            "boosting": _rounded(joined.joint[3]),
        },
    }
    return Trained(artefact.document(trained, joined, reach, steps, rows), metrics, rows, told)


def check_enough(rows: Matrix) -> None:
    count = len(set(rows.key))
    if count < CONTRACTS_MIN or len(set(rows.outcome.tolist())) < 2:
        raise TooFewContracts(count)


def learning_curve(rows: Matrix) -> list[dict[str, float]]:
    """Log loss against the price's on the newest third, by how many older contracts were learned from."""
    older, newer = _halves(rows)
    if older is None or newer is None:
        return []
    groups = np.unique(older.group)
    np.random.default_rng(_SEED).shuffle(groups)
    found = []
    for size in _SIZES:
        chosen = older.part(np.isin(older.group, groups[: max(1, round(size * len(groups)))]))
        if len(set(chosen.outcome.tolist())) < 2:
            continue
        joined = stack.fit(chosen, np.zeros((len(chosen), 2)))
        moved = ensembles.shifts(ensembles.fit(chosen), newer)
        gain = _gain(newer, joined.probability(newer, moved))
        found.append({"contracts": len(set(chosen.key)), "gain": round(gain, 6)})
    return found


def importance(rows: Matrix) -> list[dict[str, Any]]:
    """What each input is worth on the newest third: the log loss that the ensembles lose when it is shuffled."""
    older, newer = _halves(rows)
    if older is None or newer is None:
        return []
    trained = ensembles.fit(older)
    whole = _ensemble_loss(trained, newer)
    draw = np.random.default_rng(_SEED)
    found = []
    for place, name in enumerate(COLUMNS):
        inputs = newer.inputs.copy()
        inputs[:, place] = draw.permutation(inputs[:, place])
        shuffled = Matrix(inputs, *(getattr(newer, other) for other in Matrix.__slots__[1:]))
        found.append({"name": name, "worth": round(_ensemble_loss(trained, shuffled) - whole, 6)})
    assert len(found) == len(NAMES) + 1
    return sorted(found, key=lambda one: -one["worth"])


def _ensemble_loss(trained: ensembles.Ensembles, rows: Matrix) -> float:
    """Of the two ensembles alone, each from the shuffled price: the stack would hide what they use."""
    odds = rows.inputs[:, -1]
    price = 1.0 / (1.0 + np.exp(-odds))
    moved = np.clip(price + trained.forest.predict(rows.inputs), 0.002, 0.998)
    both = (np.log(moved / (1.0 - moved)) + trained.boosting.decision_function(rows.inputs)) / 2.0
    loss = scores.logs(1.0 / (1.0 + np.exp(-both)), rows.outcome)
    return float(np.average(loss, weights=rows.weight))


def _halves(rows: Matrix) -> tuple[Matrix | None, Matrix | None]:
    """What was known before the newest third of the samples, and that third, without a group in common."""
    border = np.quantile(rows.at, 2.0 / 3.0, method="nearest")
    newer = rows.at >= border
    older = (rows.known_at < border) & ~np.isin(rows.group, rows.group[newer])
    if rows.weight[older].sum() < CONTRACTS_MIN / 2 or len(set(rows.outcome[older].tolist())) < 2:
        return None, None
    return rows.part(older), rows.part(newer)


def _gain(rows: Matrix, probability: Any) -> float:
    better = scores.logs(rows.price, rows.outcome) - scores.logs(probability, rows.outcome)
    return float(np.average(better, weights=rows.weight))


def _rounded(value: float) -> float:
    return round(float(value), 6)
