"""The figures that reports can show: the metric catalogue of the business pages, as reports need it.

Contract   The one module of this app that knows how ``analytics.business`` names things.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Final

from analytics.business.selectors.catalogue import metrics
from analytics.business.selectors.metric_rows import metric_rows
from analytics.business.types import Dimension
from analytics.business.types import Grain as BusinessGrain
from analytics.reports.types import Figure, FigureRow, Grain, Span

_PERMISSION: Final = "business.view_business"


def catalogue() -> Mapping[str, Figure]:
    """Every metric by its name, in the order of the catalogue."""
    return {
        one.name: Figure(
            name=one.name,
            title=one.title,
            formula=one.formula,
            unit=str(one.unit),
            dimensions=tuple(str(name) for name in one.dimensions),
            permission=_PERMISSION,
        )
        for one in metrics()
    }


def figure_rows(
    name: str, span: Span, grain: Grain, *, dimensions: tuple[str, ...], filters: Mapping[str, tuple[str, ...]]
) -> list[FigureRow]:
    """The metric over ``span``, in order of time and dimensions."""
    return _rows(name, span, BusinessGrain(grain.value), dimensions, filters)


def figure_total(name: str, span: Span, *, filters: Mapping[str, tuple[str, ...]]) -> int | float | None:
    """The metric over the whole of ``span``."""
    rows = _rows(name, span, BusinessGrain.TOTAL, (), filters)
    return rows[0].value if rows else None


def _rows(
    name: str, span: Span, grain: BusinessGrain, dimensions: tuple[str, ...], filters: Mapping[str, tuple[str, ...]]
) -> list[FigureRow]:
    found = metric_rows(
        metric=name,
        start=span.first_on,
        end=span.last_on + timedelta(days=1),
        grain=grain,
        dimensions=[Dimension(one) for one in dimensions],
        filters={Dimension(one): values for one, values in filters.items()},
    )
    return [FigureRow(row.start, tuple(row.dimensions), row.value) for row in found]
