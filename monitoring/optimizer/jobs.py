"""Work on the database that may take minutes: an index, a vacuum, an analysis."""

from common.jobs.kinds import declare
from common.jobs.types import JobKind, JobResult, Run
from monitoring.optimizer.services.apply_recommendation import JOB, work_on_database


def _work(run: Run) -> JobResult:
    arguments = run.arguments
    return JobResult(work_on_database(recommendation_id=arguments["recommendation"], is_undo=arguments["undo"]))


# What it does commits by itself, and is the same done twice.
declare(JobKind(name=JOB, title="Optimisation of the database", work=_work, is_atomic=False, keep_days=30))
