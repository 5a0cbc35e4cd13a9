"""A report as CSV: the names of the columns, then the rows, exact; no totals, which sums would count twice."""

from datetime import datetime

from analytics.reports.engine.cells import plain
from analytics.reports.types import Contents
from common.streaming import csv_pieces


def as_csv(contents: Contents, made_at: datetime) -> bytes:
    table = contents.table
    units = [column.unit for column in table.columns]
    rows = ([plain(cell, unit) for cell, unit in zip(row, units, strict=True)] for row in table.rows)
    return b"".join(csv_pieces([column.name for column in table.columns], rows))
