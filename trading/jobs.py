"""The kinds of background job of this app."""

from common.jobs.kinds import declare
from common.jobs.types import JobKind
from trading.services.request_statement import KIND
from trading.services.write_statement import write_statement

# It only reads, and commits nothing of its own: were it one transaction, a long one would hold back the vacuum.
declare(JobKind(name=KIND, title="Ledger statement", work=write_statement, is_atomic=False, open_max=3))
