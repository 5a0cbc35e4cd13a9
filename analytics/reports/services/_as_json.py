"""A report as JSON: rows as lists in the order of the columns, which say name, unit and formula."""

from datetime import datetime
from typing import Any

import orjson

from analytics.reports.engine.cells import plain
from analytics.reports.types import Cell, Contents
from common.clock import rfc3339


def as_json(contents: Contents, made_at: datetime) -> bytes:
    table = contents.table
    units = [column.unit for column in table.columns]

    def cells(row: tuple[Cell, ...]) -> list[Any]:
        return [plain(cell, unit) for cell, unit in zip(row, units, strict=True)]

    document = {
        "title": contents.title,
        "period": contents.subtitle,
        "made_at": rfc3339(made_at),
        "facts": [{"name": name, "value": value} for name, value in contents.facts],
        "columns": [
            {"name": one.name, "title": one.title, "unit": one.unit or None, "formula": one.help or None}
            for one in table.columns
        ],
        "rows": [cells(row) for row in table.rows],
        "totals": cells(table.totals),
    }
    return orjson.dumps(document, option=orjson.OPT_INDENT_2)
