"""Read what a report shows.

Contract   The version is the digest of the data as they were read: the same definition over the same data has the same
           version, and late settlements that rewrite a day give it another.
Bound      ``ROWS_MAX`` rows.
"""

import hashlib
import json
from collections.abc import Callable, Mapping
from datetime import date
from typing import Final

from analytics.reports.engine.periods import row_days, words_of
from analytics.reports.engine.tables import chart_of, table_of
from analytics.reports.errors import ReportTooLong
from analytics.reports.selectors.figures import figure_rows, figure_total
from analytics.reports.types import Contents, Definition, Figure, FigureRow, Span, Table

ROWS_MAX: Final = 50_000
_GRAINS: Final = {"day": "a day", "week": "a week, from Monday", "month": "a month"}


def read_contents(
    definition: Definition, span: Span, known: Mapping[str, Figure], *, tell: Callable[[int, str], None]
) -> Contents:
    """``tell`` hears how many metrics were read and which one is next. Raises: ReportTooLong"""
    figures = [known[name] for name in definition.metrics]
    found: dict[str, list[FigureRow]] = {}
    totals: dict[str, int | float | None] = {}
    for done, figure in enumerate(figures):
        tell(done, f"Reading {figure.title}")
        found[figure.name] = figure_rows(
            figure.name, span, definition.grain, dimensions=definition.dimensions, filters=definition.filters
        )
        totals[figure.name] = figure_total(figure.name, span, filters=definition.filters)
    days = row_days(span, definition.grain)
    table = table_of(definition, figures, found, totals=totals, days=days)
    if len(table.rows) > ROWS_MAX:
        raise ReportTooLong(f"It has {len(table.rows):,} rows; {ROWS_MAX:,} are allowed. Choose fewer days or splits.")
    return Contents(
        title=definition.title,
        subtitle=words_of(span),
        facts=_facts(definition, span),
        table=table,
        chart=chart_of(definition, figures[0], found[figures[0].name], days=days),
        notes=tuple((figure.title, figure.formula) for figure in figures),
    )


def version_of(table: Table) -> str:
    """64 hexadecimal digits of what was read."""
    shown = [[*row] for row in (*table.rows, table.totals)]
    return hashlib.sha256(json.dumps(shown, default=date.isoformat).encode()).hexdigest()


def _facts(definition: Definition, span: Span) -> tuple[tuple[str, str], ...]:
    split = ", ".join(definition.dimensions).replace("_", " ") or "nothing"
    only = "; ".join(f"{name}: {', '.join(values)}" for name, values in sorted(definition.filters.items()))
    return (
        ("Period", f"{words_of(span)}, whole days of UTC"),
        ("Each row", _GRAINS[definition.grain.value]),
        ("Split by", split),
        ("Only", only or "everything"),
    )
