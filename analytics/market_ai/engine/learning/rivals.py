"""Probabilities of rivals sum to one.

Contract   Rivals are the contracts of one group that were told at one moment and whose prices then sum to nearly one:
           what a source sells as the answers of one event. Their probabilities are divided by their sum; a lone
           contract, and a group of questions that merely hang together, are left as they are.
"""

from collections import defaultdict
from typing import Final

import numpy as np

from analytics.market_ai.engine.learning.matrix import Floats, Matrix

NEAR_ONE: Final = 0.1


def shared_out(rows: Matrix, probability: Floats) -> Floats:
    found = probability.copy()
    for places in rival_sets(rows):
        found[places] = probability[places] / probability[places].sum()
    return found


def rival_sets(rows: Matrix) -> list[list[int]]:
    """The places of the rows of each set of rivals."""
    sets: dict[tuple[str, int, float], list[int]] = defaultdict(list)
    for place in range(len(rows)):
        sets[(rows.source[place], int(rows.group[place]), float(rows.at[place]))].append(place)
    return [
        places
        for places in sets.values()
        if len(places) > 1
        and len(set(rows.key[places])) == len(places)
        and abs(float(np.sum(rows.price[places])) - 1.0) <= NEAR_ONE
    ]
