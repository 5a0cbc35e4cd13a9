"""Walk through history as it was lived: every prediction comes from answers that were known before it.

Contract   Time is cut into blocks. Before each block the ensembles are trained on samples whose answers were known
           when the block begins, and the stack and the interval on predictions that the walk itself made earlier and
           whose answers are known by then. No group that the block holds is in any of these. So nothing is measured
           on what it learned from, in time or by group.
           Until enough is known (``CONTRACTS_MIN``) the prediction is the price and there is no interval.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from analytics.market_ai.engine.learning import ensembles, intervals, rivals, stack
from analytics.market_ai.engine.learning.matrix import Floats, Matrix

BLOCKS: Final = 24
CONTRACTS_MIN: Final = 20.0
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Walk:
    """What was told of each row before its answer. ``reach`` is NaN and ``is_told`` False where nothing was."""

    probability: Floats
    moved: Floats
    reach: Floats
    is_told: npt.NDArray[np.bool_]


def walk(rows: Matrix, *, blocks: int = BLOCKS, jobs: int = 1, progress: Progress = lambda *_: None) -> Walk:
    """Predictions of all ``rows``, which are in the order of time."""
    count = len(rows)
    made = Walk(rows.price.copy(), np.zeros((count, 2)), np.full(count, np.nan), np.zeros(count, dtype=np.bool_))
    cuts = list(_blocks(rows, blocks))
    for number, block in enumerate(cuts, start=1):
        _tell(rows, block, made, jobs)
        progress(number, len(cuts))
    return made


def _blocks(rows: Matrix, blocks: int) -> Iterator[npt.NDArray[np.bool_]]:
    """Rows of one moment are never parted."""
    edges = np.unique(np.quantile(rows.at, np.linspace(0.0, 1.0, blocks + 1)[1:-1], method="nearest"))
    place = np.searchsorted(edges, rows.at, side="right")
    for number in range(len(edges) + 1):
        if (place == number).any():
            yield place == number


def _tell(rows: Matrix, block: npt.NDArray[np.bool_], made: Walk, jobs: int) -> None:
    begins = rows.at[block].min()
    known = (rows.known_at < begins) & ~np.isin(rows.group, rows.group[block])
    if rows.weight[known].sum() < CONTRACTS_MIN or len(set(rows.outcome[known])) < 2:
        return
    here, learned = rows.part(block), rows.part(known)
    moved = ensembles.shifts(ensembles.fit(learned, jobs=jobs), here)
    joined = stack.fit(learned, made.moved[known])
    probability = rivals.shared_out(here, joined.probability(here, moved))
    made.moved[block], made.probability[block], made.is_told[block] = moved, probability, True
    told = known & made.is_told
    reach = intervals.reach_of(made.probability[told], rows.outcome[told], rows.weight[told])
    if reach is not None:
        made.reach[block] = reach
