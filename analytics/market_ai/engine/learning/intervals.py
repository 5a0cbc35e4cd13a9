"""How wide an interval must be that holds what a share pays four times in five (split conformal prediction).

Contract   The misses of earlier predictions, ``|outcome - probability|`` in units of what a fair coin of that
           probability misses, are put in order; the one that four fifths don't exceed is the reach. On exchangeable
           contracts the interval ``probability +- reach * unit`` then holds the outcome 80 % of the time, however
           wrong the model is.
"""

from typing import Final

import numpy as np

from analytics.market_ai.engine.interval import unit_of
from analytics.market_ai.engine.learning.matrix import Floats

SHARE: Final = 0.8
CONTRACTS_MIN: Final = 20.0


def reach_of(probability: Floats, outcome: Floats, weight: Floats) -> float | None:
    """The reach, or None with too few contracts."""
    total = float(weight.sum())
    if total < CONTRACTS_MIN:
        return None
    misses = np.abs(outcome - probability) / np.array([unit_of(float(one)) for one in probability])
    order = np.argsort(misses, kind="stable")
    # One more contract than there are: the one to come.
    passed = np.cumsum(weight[order]) >= SHARE * (total + 1.0)
    return float(misses[order][np.argmax(passed)] if passed.any() else misses.max())


def is_held(probability: Floats, reach: Floats, outcome: Floats) -> Floats:
    """1 where the interval holds the outcome, 0 where not, NaN where there is none."""
    units = np.array([unit_of(float(one)) for one in probability])
    held = (np.abs(outcome - probability) <= reach * units + 1e-12).astype(np.float64)
    return np.where(np.isnan(reach), np.nan, held)
