"""A trained model as one JSON document, without code in it.

Contract   The document holds everything ``engine.predictor`` needs to give the same probabilities as the ensembles
           and the stack gave; a test compares them. ``packed`` is its canonical text, compressed; equal models give
           equal bytes.
"""

import gzip
from typing import Any

import numpy as np
import orjson
from sklearn.isotonic import IsotonicRegression

from analytics.market_ai.engine.drift import cuts_of
from analytics.market_ai.engine.features import NAMES
from analytics.market_ai.engine.learning.ensembles import BOOSTING, Ensembles
from analytics.market_ai.engine.learning.matrix import COLUMNS, Floats, Matrix
from analytics.market_ai.engine.learning.stack import Stack
from analytics.market_ai.engine.predictor import FORMAT

_FEW: float = 20.0


def document(trained: Ensembles, joined: Stack, reach: float | None, confidence: Any, rows: Matrix) -> dict[str, Any]:
    """``confidence`` as ``confidence_steps`` makes it; ``rows`` are what the ensembles learned from."""
    return {
        "format": FORMAT,
        "columns": list(COLUMNS),
        "forest": [_tree(one.tree_) for one in trained.forest.estimators_],
        "boosting": {
            "rate": BOOSTING["learning_rate"],
            "trees": [_tree(one.tree_) for one in trained.boosting.estimators_[:, 0]],
        },
        "joint": [float(one) for one in joined.joint],
        "sources": {name: [float(one) for one in found] for name, found in joined.by_source.items()},
        "reach": reach,
        "confidence": confidence,
        "ranges": {name: cuts_of(rows.inputs[:, place].tolist()) for place, name in enumerate(NAMES)},
    }


def packed(found: dict[str, Any]) -> bytes:
    return gzip.compress(orjson.dumps(found, option=orjson.OPT_SORT_KEYS), compresslevel=6, mtime=0)


def confidence_steps(probability: Floats, outcome: Floats, weight: Floats) -> list[list[float]] | None:
    """How often the side above one half was right, rising with how far above it was; None with too few."""
    if float(weight.sum()) < _FEW:
        return None
    lead = np.maximum(probability, 1.0 - probability)
    right = ((probability >= 0.5) == (outcome > 0.5)).astype(np.float64)
    fitted = IsotonicRegression(y_min=0.5, y_max=1.0).fit(lead, right, sample_weight=weight)
    return [
        [round(float(x), 6), round(float(y), 6)]
        for x, y in zip(fitted.X_thresholds_, fitted.y_thresholds_, strict=True)
    ]


def _tree(tree: Any) -> dict[str, list[Any]]:
    return {
        "feature": [int(one) for one in tree.feature],
        "threshold": [float(one) for one in tree.threshold],
        "left": [int(one) for one in tree.children_left],
        "right": [int(one) for one in tree.children_right],
        "value": [float(one) for one in tree.value[:, 0, 0]],
    }
