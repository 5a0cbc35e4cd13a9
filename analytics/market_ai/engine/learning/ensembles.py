"""The two ensembles, each as a shift of the price's log-odds.

Contract   The forest learns what outcomes leave over of the price (outcome - price); boosting starts from the price
           and adds trees to its log-odds. Where they learned nothing, both answer the price. Shifts are held within
           ``SHIFT_MAX``, because what few samples say of a far shift is mostly noise.
"""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.ensemble import GradientBoostingClassifier, RandomForestRegressor

from analytics.market_ai.engine.features import EDGE
from analytics.market_ai.engine.learning.matrix import Floats, Matrix
from analytics.market_ai.engine.trees import SHIFT_MAX

FOREST: Final = {"n_estimators": 100, "max_depth": 6, "min_weight_fraction_leaf": 0.03, "max_features": 0.4}
BOOSTING: Final = {
    "n_estimators": 60,
    "max_depth": 2,
    "learning_rate": 0.05,
    "subsample": 0.5,
    "min_weight_fraction_leaf": 0.04,
    "max_features": 0.5,
}
SEED: Final = 20


class PriceItself(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """Where boosting starts: the probability that the last column's log-odds say."""

    def fit(self, inputs: Floats, outcome: Floats, sample_weight: Floats | None = None) -> "PriceItself":
        self.classes_ = np.array([0.0, 1.0])
        return self

    def predict_proba(self, inputs: Floats) -> Floats:
        yes = 1.0 / (1.0 + np.exp(-np.asarray(inputs[:, -1], dtype=np.float64)))
        return np.column_stack([1.0 - yes, yes])


@dataclass(frozen=True, slots=True)
class Ensembles:
    forest: Any
    boosting: Any


def fit(rows: Matrix, *, jobs: int = 1) -> Ensembles:
    """Both ensembles on ``rows``, which hold both outcomes."""
    forest = RandomForestRegressor(random_state=SEED, n_jobs=jobs, **FOREST)
    forest.fit(rows.inputs, rows.outcome - rows.price, sample_weight=rows.weight)
    boosting = GradientBoostingClassifier(init=PriceItself(), random_state=SEED, **BOOSTING)
    boosting.fit(rows.inputs, rows.outcome, sample_weight=rows.weight)
    return Ensembles(forest, boosting)


def shifts(ensembles: Ensembles, rows: Matrix) -> Floats:
    """A column for the forest and one for boosting: how far each would move the log-odds."""
    moved = np.clip(rows.price + ensembles.forest.predict(rows.inputs), EDGE, 1.0 - EDGE)
    forest = np.log(moved / (1.0 - moved)) - rows.odds
    boosting = ensembles.boosting.decision_function(rows.inputs) - rows.odds
    return np.asarray(np.clip(np.column_stack([forest, boosting]), -SHIFT_MAX, SHIFT_MAX), dtype=np.float64)
