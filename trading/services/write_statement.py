"""Write a trader's ledger to a CSV file.

Contract   Every line there is when it begins, newest first, as the download of the portfolio has them.
Bound      A few thousand lines in memory, however long the ledger is; no transaction is held.
"""

from collections.abc import Iterator

from common.clock import now
from common.jobs.types import JobFile, JobResult, Run
from common.streaming import csv_pieces
from trading.selectors.accounts import whole_ledger
from trading.selectors.statement import HEADER, ledger_line_count, statement_cells


def write_statement(run: Run) -> JobResult:
    """The job's file. Raises: RunStopped"""
    rows = _Rows(run)
    path = run.new_file(".csv")
    with path.open("wb") as file:
        for piece in csv_pieces(HEADER, rows):
            file.write(piece)
            run.progress(rows.done, rows.total, "Writing lines")
    run.progress(rows.done, rows.done)
    return JobResult({"lines": rows.done}, JobFile(path, f"statement-{now():%Y-%m-%d}.csv", "text/csv"))


class _Rows:
    """The rows of the file, counted while they are read."""

    def __init__(self, run: Run) -> None:
        assert run.owner_id is not None
        self._user_id = run.owner_id
        self.done, self.total = 0, ledger_line_count(run.owner_id)

    def __iter__(self) -> Iterator[tuple[object, ...]]:
        for line in whole_ledger(self._user_id):
            self.done += 1
            yield statement_cells(line)
