"""A report as a workbook: typed cells, never a formula.

Contract   A text is a text, whatever it begins with. Numbers are numbers; a spreadsheet keeps 15 digits of one, so an
           amount with more is written as a text rather than rounded.
"""

import io
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

import xlsxwriter
from django.utils.translation import gettext, pgettext
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from analytics.reports.engine.cells import CREDITS, PART, SHARES, is_number, plain
from analytics.reports.services._telling import head_words, made_words
from analytics.reports.types import Cell, Contents

_DIGITS_MAX: Final = 15
_OPTIONS: Final = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
_NUMBERS: Final = {CREDITS: "#,##0.00######", SHARES: "#,##0.00##", PART: "0.0%", "count": "#,##0", "day": "yyyy-mm-dd"}


def as_xlsx(contents: Contents, made_at: datetime) -> bytes:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, _OPTIONS) as book:
        book.set_properties(
            {"title": contents.title, "created": made_at.replace(tzinfo=None), "author": "Opinion Market"}
        )
        _Sheet(book, contents).write()
        _write_about(book, contents, made_at)
    return file.getvalue()


class _Sheet:
    """The table, with a chart beside it when there is one line to draw."""

    def __init__(self, book: Workbook, contents: Contents) -> None:
        self._book, self._table, self._contents = book, contents.table, contents
        self._sheet: Worksheet = book.add_worksheet(pgettext("noun", "Report"))
        self._plain = [self._format(one.unit) for one in self._table.columns]
        self._total = [self._format(one.unit, bold=True, top=1) for one in self._table.columns]

    def write(self) -> None:
        sheet, table = self._sheet, self._table
        head = self._book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "bottom"})
        for place, column in enumerate(table.columns):
            sheet.write_string(0, place, head_words(column.title, column.unit), head)
        for number, row in enumerate(table.rows, start=1):
            self._write_row(number, row, self._plain)
        self._write_row(len(table.rows) + 1, table.totals, self._total)
        sheet.freeze_panes(1, 1)
        sheet.set_column(0, len(table.columns) - 1, 16)
        if table.rows:
            sheet.autofilter(0, 0, len(table.rows), len(table.columns) - 1)
        self._draw()

    def _write_row(self, number: int, row: tuple[Cell, ...], formats: list[Any]) -> None:
        for place, (cell, column) in enumerate(zip(row, self._table.columns, strict=True)):
            if cell is None:
                self._sheet.write_blank(number, place, None, formats[place])
            elif isinstance(cell, str):
                self._sheet.write_string(number, place, cell, formats[place])
            elif isinstance(cell, date):
                self._sheet.write_datetime(number, place, cell, formats[place])
            else:
                self._write_number(number, place, plain(cell, column.unit), formats[place])

    def _write_number(self, number: int, place: int, value: int | float | str | None, form: Any) -> None:
        exact = Decimal(str(value))
        if len(exact.normalize().as_tuple().digits) > _DIGITS_MAX and not isinstance(value, float):
            self._sheet.write_string(number, place, str(value), form)
        else:
            self._sheet.write_number(number, place, float(exact), form)

    def _draw(self) -> None:
        chart, count, wide = self._contents.chart, len(self._table.rows), len(self._table.columns)
        place = next((at for at, one in enumerate(self._table.columns) if is_number(one.unit)), None)
        if chart is None or place != 1:
            return
        drawn = self._book.add_chart({"type": "line"})
        drawn.add_series(
            {
                "name": chart.title,
                "categories": [self._sheet.get_name(), 1, 0, count, 0],
                "values": [self._sheet.get_name(), 1, place, count, place],
                "line": {"color": "#1d5bb4", "width": 1.75},
            }
        )
        drawn.set_title({"name": chart.title, "name_font": {"size": 12}})
        drawn.set_legend({"none": True})
        drawn.set_size({"width": 720, "height": 320})
        self._sheet.insert_chart(1, wide + 1, drawn)

    def _format(self, unit: str, **more: Any) -> Any:
        return self._book.add_format({"num_format": _NUMBERS.get(unit, "General"), **more})


def _write_about(book: Workbook, contents: Contents, made_at: datetime) -> None:
    sheet = book.add_worksheet(gettext("About"))
    bold, wrapped = book.add_format({"bold": True, "valign": "top"}), book.add_format({"text_wrap": True})
    sheet.set_column(0, 0, 28)
    sheet.set_column(1, 1, 90)
    lines = [(pgettext("noun", "Report"), contents.title), *contents.facts, (gettext("Made"), made_words(made_at))]
    for number, (name, value) in enumerate([*lines, *contents.notes]):
        sheet.write_string(number, 0, name, bold)
        sheet.write_string(number, 1, value, wrapped)
