"""The kinds of background job of this app, and what it keeps about a person.

Door       What writes a journal's file needs pyarrow, what writes a workbook xlsxwriter; web processes never load them,
           so both are imported by name, when a worker begins with it.
"""

from typing import Final

from django.utils.module_loading import import_string

from common.jobs.kinds import declare
from common.jobs.types import JobKind, JobResult, Run, Work
from common.personal_data import declare_leaving, declare_part
from trading.services.leave import return_credits, trading_reasons
from trading.services.refresh_day_figures import refresh_day_figures
from trading.services.request_journal_export import KIND as JOURNAL_EXPORT
from trading.services.request_statement import KIND, WORKBOOK
from trading.services.write_statement import write_statement

# It only reads, and commits nothing of its own: were it one transaction, a long one would hold back the vacuum.
declare(JobKind(name=KIND, title="Ledger statement", work=write_statement, is_atomic=False, open_max=3))

_WRITE_WORKBOOK: Final = "trading.services.write_workbook.write_workbook"


def _write_workbook(run: Run) -> JobResult | None:
    work: Work = import_string(_WRITE_WORKBOOK)
    return work(run)


declare(JobKind(name=WORKBOOK, title="Ledger workbook", work=_write_workbook, is_atomic=False, open_max=3))

_WRITE_JOURNAL: Final = "trading.services.write_journal_export.write_journal_export"


def _write_journal(run: Run) -> JobResult | None:
    work: Work = import_string(_WRITE_JOURNAL)
    return work(run)


declare(JobKind(name=JOURNAL_EXPORT, title="Journal export", work=_write_journal, is_atomic=False, open_max=3))


def _refresh_figures(run: Run) -> JobResult:
    return JobResult({"markets": refresh_day_figures()})


#: What lists and cards of markets show.
declare(
    JobKind(
        name="refresh_day_figures",
        title="Refresh of the 24-hour figures",
        work=_refresh_figures,
        every_s=60,
        keep_days=1,
    )
)

declare_leaving(trading_reasons, return_credits)
declare_part(
    "orders",
    """SELECT r.id, m.slug AS market, o.name AS outcome, r.side, r.type, r.time_in_force, r.client_order_id,
        (r.price / 10000.0)::numeric(10, 4) AS price, (r.quantity / 10000.0)::numeric(30, 4) AS quantity,
        (r.filled / 10000.0)::numeric(30, 4) AS filled, (r.cost / 100000000.0)::numeric(30, 8) AS cost,
        (r.fee / 100000000.0)::numeric(30, 8) AS fee, r.status, r.created_at, r.updated_at
    FROM trading_order r JOIN markets_market m ON m.id = r.market_id
    JOIN markets_outcome o ON o.market_id = r.market_id AND o.index = r.outcome
    WHERE r.user_id = %(user_id)s AND r.id > %(after)s ORDER BY r.id LIMIT %(limit)s""",
)
declare_part(
    "ledger",
    """SELECT e.id, t.kind, (e.amount / 100000000.0)::numeric(30, 8) AS amount,
        (e.balance / 100000000.0)::numeric(30, 8) AS balance, m.slug AS market, t.memo, t.created_at
    FROM trading_ledgerentry e JOIN trading_ledgertransfer t ON t.id = e.transfer_id
    LEFT JOIN markets_market m ON m.id = t.market_id
    WHERE e.account_id = (SELECT id FROM trading_account WHERE user_id = %(user_id)s) AND e.id > %(after)s
    ORDER BY e.id LIMIT %(limit)s""",
)
declare_part(
    "positions",
    """SELECT p.id, m.slug AS market, o.name AS outcome, (p.quantity / 10000.0)::numeric(30, 4) AS quantity,
        (p.cost / 100000000.0)::numeric(30, 8) AS cost, p.updated_at
    FROM trading_position p JOIN markets_market m ON m.id = p.market_id
    JOIN markets_outcome o ON o.market_id = p.market_id AND o.index = p.outcome
    WHERE p.user_id = %(user_id)s AND p.id > %(after)s ORDER BY p.id LIMIT %(limit)s""",
)
declare_part(
    "fills",
    """SELECT t.id, m.slug AS market, o.name AS outcome, t.taker_id = %(user_id)s AS is_taker, t.taker_side,
        (t.price / 10000.0)::numeric(10, 4) AS price, (t.quantity / 10000.0)::numeric(30, 4) AS quantity,
        (t.cost / 100000000.0)::numeric(30, 8) AS cost, t.created_at
    FROM trading_trade t JOIN markets_market m ON m.id = t.market_id
    JOIN markets_outcome o ON o.market_id = t.market_id AND o.index = t.outcome
    WHERE t.id IN (
        (SELECT id FROM trading_trade WHERE taker_id = %(user_id)s AND id > %(after)s ORDER BY id LIMIT %(limit)s)
        UNION ALL
        (SELECT id FROM trading_trade WHERE maker_id = %(user_id)s AND id > %(after)s ORDER BY id LIMIT %(limit)s))
    ORDER BY t.id LIMIT %(limit)s""",
)
declare_part(
    "comments",
    """SELECT c.id, m.slug AS market, c.text, c.status, c.created_at FROM markets_comment c
    JOIN markets_market m ON m.id = c.market_id
    WHERE c.author_id = %(user_id)s AND c.id > %(after)s ORDER BY c.id LIMIT %(limit)s""",
)
