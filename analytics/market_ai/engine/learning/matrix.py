"""Samples as arrays. The columns are FEATURES and, last, the log-odds of the price."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from analytics.market_ai.engine.features import NAMES, log_odds
from analytics.market_ai.types import Sample

Floats = npt.NDArray[np.float64]
COLUMNS = (*NAMES, "price_log_odds")


@dataclass(frozen=True, slots=True)
class Matrix:
    """One row a sample, in the order of time."""

    inputs: Floats
    price: Floats
    odds: Floats
    outcome: Floats
    weight: Floats
    at: Floats
    known_at: Floats
    group: npt.NDArray[np.int64]
    source: npt.NDArray[Any]
    key: npt.NDArray[Any]

    def __len__(self) -> int:
        return len(self.price)

    def part(self, rows: npt.NDArray[np.bool_]) -> "Matrix":
        return Matrix(*(getattr(self, name)[rows] for name in self.__slots__))


def matrix_of(samples: Sequence[Sample]) -> Matrix:
    """``samples`` in their order."""
    odds = np.array([log_odds(one.price) for one in samples], dtype=np.float64)
    features = np.array([one.features for one in samples], dtype=np.float64).reshape(len(samples), len(NAMES))
    numbers: dict[str, int] = {}
    return Matrix(
        # Trees compare in single precision; what serves them must see the same numbers.
        inputs=np.column_stack([features, odds]).astype(np.float32).astype(np.float64),
        price=np.array([one.price for one in samples], dtype=np.float64),
        odds=odds,
        outcome=np.array([one.outcome for one in samples], dtype=np.float64),
        weight=np.array([one.weight for one in samples], dtype=np.float64),
        at=np.array([one.at for one in samples], dtype=np.float64),
        known_at=np.array([one.known_at for one in samples], dtype=np.float64),
        group=np.array([numbers.setdefault(one.group, len(numbers)) for one in samples], dtype=np.int64),
        source=np.array([one.source for one in samples], dtype=object),
        key=np.array([one.key for one in samples], dtype=object),
    )
