"""Write the journals of one market, or of all, to a file. Imported by workers only: it loads pyarrow.

Contract   Every record there is when a market's turn comes, with the figures of that moment (``journal_export``). Who
           may see what is asked again, since a job may wait.
Bound      A few thousand rows in memory, however long the journals are.
"""

from accounts.selectors.people import has_permission
from common.clock import now
from common.jobs.types import JobFile, JobResult, Run
from markets.errors import ActionNotAllowed
from trading.selectors.journal_export import export_rows, exported_markets
from trading.services._export_files import FILES
from trading.services.request_journal_export import FULL_PERMISSION

_ROWS_A_WORD = 200


def write_journal_export(run: Run) -> JobResult:
    """The job's file. Raises: ActionNotAllowed, JournalNotKept, RunStopped"""
    wanted = run.arguments
    market_id, is_full, suffix = wanted["market_id"], bool(wanted["is_full"]), str(wanted["format"])
    if is_full and not has_permission(run.owner_id or 0, FULL_PERMISSION):
        raise ActionNotAllowed("Your role doesn't let you see whose orders a journal tells of.")
    markets = exported_markets(market_id)
    make, content_type = FILES[suffix]
    path = run.new_file(f".{suffix}")
    file = make(path)
    rows, total = 0, sum(seq for _, seq in markets)
    try:
        for number, _ in markets:
            for row in export_rows(number, is_full=is_full):
                file.write(row)
                rows += 1
                if rows % _ROWS_A_WORD == 0:
                    run.progress(min(rows, total), total, "Writing records")
    finally:
        file.close()
    run.progress(total, total)
    name = f"journal-{'all' if market_id is None else market_id}-{now():%Y-%m-%d}.{suffix}"
    return JobResult({"rows": rows, "markets": len(markets)}, JobFile(path, name, content_type))
