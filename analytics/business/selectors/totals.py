"""Figures over a range beside the same number of days before it.

Bound      One statement for each rollup that the metrics need together, whatever their number.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from analytics.business.engine.catalogue import METRICS
from analytics.business.engine.values import value_of
from analytics.business.selectors.metric_rows import check_question, sums_beside
from analytics.business.types import Metric


@dataclass(frozen=True, slots=True)
class Total:
    """None: a ratio of nothing."""

    metric: Metric
    value: int | float | None
    before: int | float | None


def totals(names: Sequence[str], *, start: date, end: date) -> list[Total]:
    """The site's metrics in ``[start, end)`` and in as many days before ``start``, in the order of ``names``.

    Raises: QuestionInvalid
    """
    wanted = [METRICS[name] for name in names]
    for metric in wanted:
        check_question(metric, start=start, end=end, dimensions=())
    before, now = sums_beside(wanted, start=start, end=end)
    return [Total(metric, value_of(metric, now), value_of(metric, before)) for metric in wanted]
