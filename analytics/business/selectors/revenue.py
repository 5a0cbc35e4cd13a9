"""What the site earned, by source and by topic, and whether the ledger says the same."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from analytics.business.engine.catalogue import METRICS
from analytics.business.engine.values import value_of
from analytics.business.models import Reconciliation
from analytics.business.selectors.metric_rows import metric_rows
from analytics.business.selectors.site_days import site_days
from analytics.business.types import Dimension, Grain, Metric

#: Where revenue comes from: these sum to net revenue.
SOURCES: Final = ("taker_fees", "maker_fees", "fees_refunded", "maker_result")
#: What moves credits without earning any.
FLOWS: Final = ("granted", "subsidies_paid", "subsidies_returned", "paid_out")
_TAKEN_AWAY: Final = frozenset({"fees_refunded"})


@dataclass(frozen=True, slots=True)
class Line:
    """``amount`` in cash units, below zero where it lessens revenue."""

    metric: Metric
    amount: int


@dataclass(frozen=True, slots=True)
class Revenue:
    """``unexplained``: net revenue less the sum of its sources; 0 unless rollups and ledger disagree."""

    sources: tuple[Line, ...]
    flows: tuple[Line, ...]
    net: int
    fee_yield: float | None
    unexplained: int


def revenue(*, start: date, end: date) -> Revenue:
    """All sources in ``[start, end)``."""
    days = site_days(start, end)
    sums: dict[str, int] = {}
    for row in days.values():
        for name, value in row.items():
            sums[name] = sums.get(name, 0) + value
    sources = tuple(_line(name, sums) for name in SOURCES)
    net = _amount("net_revenue", sums)
    fee_yield = value_of(METRICS["fee_yield"], sums)
    told = sum(line.amount for line in sources)
    return Revenue(sources, tuple(_line(name, sums) for name in FLOWS), net, fee_yield, net - told)


def revenue_by_topic(*, start: date, end: date) -> list[tuple[str, int]]:
    """Net revenue of each topic that had any, most first."""
    rows = metric_rows(metric="net_revenue", start=start, end=end, grain=Grain.TOTAL, dimensions=[Dimension.TOPIC])
    found = [(row.dimensions[0], int(row.value)) for row in rows if row.value]
    return sorted(found, key=lambda pair: (-pair[1], pair[0]))


def newest_reconciliation() -> Reconciliation | None:
    return Reconciliation.objects.order_by("-pk").first()


def _line(name: str, sums: Mapping[str, int]) -> Line:
    amount = _amount(name, sums)
    return Line(METRICS[name], -amount if name in _TAKEN_AWAY else amount)


def _amount(name: str, sums: Mapping[str, int]) -> int:
    return sum(sums.get(part, 0) for part in METRICS[name].numerator)
