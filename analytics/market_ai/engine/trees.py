"""Trees as plain lists, so that a model needs neither pickle nor numpy to answer.

Contract   A tree is ``{"feature": [...], "threshold": [...], "left": [...], "right": [...], "value": [...]}`` over its
           nodes; -1 in ``left`` marks a leaf. Values at or below the threshold go left, compared in single precision
           as the library that grew them does.
"""

from array import array
from collections.abc import Mapping, Sequence
from typing import Any, Final

SHIFT_MAX: Final = 1.5
Tree = Mapping[str, Sequence[Any]]


def single(values: Sequence[float]) -> list[float]:
    """``values`` rounded to single precision."""
    return list(array("f", values))


def leaf_value(tree: Tree, values: Sequence[float]) -> float:
    """What ``tree`` says of ``values``, which are in single precision."""
    left, right, feature, threshold = tree["left"], tree["right"], tree["feature"], tree["threshold"]
    node = 0
    while left[node] >= 0:
        node = left[node] if values[feature[node]] <= threshold[node] else right[node]
    value: float = tree["value"][node]
    return value


def forest_value(trees: Sequence[Tree], values: Sequence[float]) -> float:
    """The mean over a forest."""
    return sum(leaf_value(tree, values) for tree in trees) / len(trees) if trees else 0.0


def boosted_value(trees: Sequence[Tree], rate: float, values: Sequence[float]) -> float:
    """What boosting adds to where it began."""
    return rate * sum(leaf_value(tree, values) for tree in trees)
