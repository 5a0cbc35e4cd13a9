"""Write a trader's ledger to a workbook: typed cells, never a formula.

Contract   Every line there is when it begins, newest first. A text is a text, whatever it begins with; an amount with
           more digits than a spreadsheet keeps is written as a text rather than rounded.
Bound      One line in memory, however long the ledger is: the rest is in files of the writer. No transaction is held.
"""

from decimal import Decimal
from typing import Any, Final

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from common.clock import now
from common.jobs.types import JobFile, JobResult, Run
from trading.selectors.accounts import whole_ledger
from trading.selectors.statement import HEADER, ledger_line_count, statement_cells

#: Lines of one sheet; a spreadsheet has room for little more.
SHEET_LINES: Final = 1_000_000
_OPTIONS: Final = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
_AMOUNTS: Final = (HEADER.index("amount"), HEADER.index("balance"))
_DIGITS_MAX: Final = 15
#: The name says what it is; the type of workbooks is longer than a job keeps.
_TYPE: Final = "application/octet-stream"
_STEP: Final = 500


def write_workbook(run: Run) -> JobResult:
    """The job's file. Raises: RunStopped"""
    assert run.owner_id is not None
    path, total, done = run.new_file(".xlsx"), ledger_line_count(run.owner_id), 0
    with xlsxwriter.Workbook(path, _OPTIONS) as book:
        amount, head = book.add_format({"num_format": "#,##0.00######"}), book.add_format({"bold": True, "bottom": 1})
        sheet = _sheet(book, head)
        for line in whole_ledger(run.owner_id):
            if done and done % SHEET_LINES == 0:
                sheet = _sheet(book, head)
            _write(sheet, done % SHEET_LINES + 1, statement_cells(line), amount)
            done += 1
            if done % _STEP == 0:
                run.progress(done, max(total, done), "Writing lines")
    run.progress(done, done)
    return JobResult({"lines": done}, JobFile(path, f"statement-{now():%Y-%m-%d}.xlsx", _TYPE))


def _sheet(book: Any, head: Any) -> Worksheet:
    sheet: Worksheet = book.add_worksheet()
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, len(HEADER) - 1, 16)
    for place, title in enumerate(HEADER):
        sheet.write_string(0, place, title, head)
    return sheet


def _write(sheet: Worksheet, row: int, cells: tuple[object, ...], amount: Any) -> None:
    for place, cell in enumerate(cells):
        if place in _AMOUNTS and len(Decimal(str(cell)).as_tuple().digits) <= _DIGITS_MAX:
            sheet.write_number(row, place, float(str(cell)), amount)
        elif isinstance(cell, int):
            sheet.write_number(row, place, cell)
        elif cell is not None:
            sheet.write_string(row, place, str(cell))
