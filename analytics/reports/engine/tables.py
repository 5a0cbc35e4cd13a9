"""Rows of metrics made into one table and its chart.

Contract   One row for each period and combination of values that any metric has; without dimensions one for each
           period, empty or not. A metric without a value there is an empty cell, not a nought.
           A total is the metric over the whole period, asked of the catalogue: traders of a month aren't the sum of
           those of its days.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

from analytics.reports.types import Cell, Chart, Column, Definition, Figure, FigureRow, Grain, Line, Table

LINES_MAX: Final = 5
_GRAIN_TITLES: Final = {Grain.DAY: "Day", Grain.WEEK: "Week of", Grain.MONTH: "Month of"}

Values = tuple[str, ...]


def table_of(
    definition: Definition,
    figures: Sequence[Figure],
    found: Mapping[str, Sequence[FigureRow]],
    *,
    totals: Mapping[str, int | float | None],
    days: Sequence[date],
) -> Table:
    """``found`` has the rows of each figure; ``days`` are the first days of all periods, in order."""
    cells: dict[tuple[date, Values], dict[str, int | float | None]] = defaultdict(dict)
    if not definition.dimensions:
        cells.update({(day, ()): {} for day in days})
    for name, one_by_one in found.items():
        for row in one_by_one:
            cells[row.day, row.values][name] = row.value
    keys = sorted(cells)
    rows = tuple((day, *values, *(cells[day, values].get(one.name) for one in figures)) for day, values in keys)
    return Table(_columns(definition, figures), rows, _totals(definition, figures, totals))


def chart_of(
    definition: Definition, figure: Figure, rows: Sequence[FigureRow], *, days: Sequence[date]
) -> Chart | None:
    """The first metric over time, a line for each of the largest combinations; ``None`` for a single period."""
    if len(days) < 2:
        return None
    lines: dict[Values, dict[date, int | float | None]] = defaultdict(dict)
    for row in rows:
        lines[row.values][row.day] = row.value
    largest = sorted(lines, key=lambda values: (-_weight(lines[values]), values))[:LINES_MAX]
    shown = tuple(Line(" · ".join(one) or figure.title, tuple(_at(lines[one], day) for day in days)) for one in largest)
    return Chart(figure.title, figure.unit, tuple(days), shown) if shown else None


def _columns(definition: Definition, figures: Sequence[Figure]) -> tuple[Column, ...]:
    return (
        Column("day", _GRAIN_TITLES[definition.grain], "day"),
        *(Column(name, name.replace("_", " ").capitalize(), "") for name in definition.dimensions),
        *(Column(one.name, one.title, one.unit, one.formula) for one in figures),
    )


def _totals(
    definition: Definition, figures: Sequence[Figure], totals: Mapping[str, int | float | None]
) -> tuple[Cell, ...]:
    return ("Total", *([None] * len(definition.dimensions)), *(totals.get(one.name) for one in figures))


def _weight(points: Mapping[date, int | float | None]) -> float:
    return sum(abs(value) for value in points.values() if value is not None)


def _at(points: Mapping[date, int | float | None], day: date) -> float | None:
    value = points.get(day)
    return None if value is None else float(value)
