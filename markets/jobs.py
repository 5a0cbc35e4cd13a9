"""The kinds of background job of this app."""

from common.jobs.kinds import declare
from common.jobs.types import JobKind, JobResult, Run
from common.personal_data import declare_leaving, declare_part
from markets.services.archive_journal import archive_journal
from markets.services.plan_market import forget_plans
from markets.services.react import forget_reactions


def _archive(run: Run) -> JobResult:
    report = archive_journal(on_progress=lambda records: run.progress(records, None, "Moving records"))
    return JobResult({"files": report.files, "records": report.records, "bytes": report.bytes})


#: It commits step by step, and each step may be repeated.
declare(
    JobKind(
        name="archive_journal",
        title="Move of old journal records into the archive",
        work=_archive,
        is_atomic=False,
        every_s=86_400,
        run_s_max=3_500.0,
        keep_days=30,
    )
)
declare_leaving(farewell=forget_reactions)
declare_part(
    "reactions",
    """SELECT r.id, r.comment_id AS comment, m.slug AS market, r.kind, r.created_at FROM markets_reaction r
    JOIN markets_comment c ON c.id = r.comment_id JOIN markets_market m ON m.id = c.market_id
    WHERE r.user_id = %(user_id)s AND r.id > %(after)s ORDER BY r.id LIMIT %(limit)s""",
)

declare_leaving(farewell=forget_plans)
declare_part(
    "plans",
    """SELECT id, template, answers, created_at, updated_at FROM markets_marketplan
    WHERE creator_id = %(user_id)s AND id > %(after)s ORDER BY id LIMIT %(limit)s""",
)
declare_part(
    "reports",
    """SELECT r.id, c.kind, m.slug AS market, c.comment_id AS comment, r.reason, r.text, r.created_at
    FROM markets_report r JOIN markets_case c ON c.id = r.case_id JOIN markets_market m ON m.id = c.market_id
    WHERE r.reporter_id = %(user_id)s AND r.id > %(after)s ORDER BY r.id LIMIT %(limit)s""",
)
declare_part(
    "series",
    """SELECT id, slug, name, description, cadence, created_at FROM markets_series
    WHERE creator_id = %(user_id)s AND id > %(after)s ORDER BY id LIMIT %(limit)s""",
)
