"""The kinds of background job of the market AI.

Why        ``WORKROOM`` is the one door to the learning libraries: this module is imported by web processes too, so
           the work is found by name when a job runs, never before.
"""

from typing import Any, Final

from django.utils.module_loading import import_string

from analytics.market_ai.services.request_training import KIND
from analytics.market_ai.services.watch_drift import watch_drift
from common.jobs.kinds import declare
from common.jobs.types import JobKind, JobResult, Run

WORKROOM: Final = "analytics.market_ai.services.train_on_site.train_on_site"
DAY_S: Final = 86_400


def _train(run: Run) -> JobResult:
    work: Any = import_string(WORKROOM)
    return JobResult(work(created_by_id=run.owner_id, progress=run.progress))


def _watch(run: Run) -> JobResult:
    return JobResult(watch_drift())


declare(JobKind(name=KIND, title="Train the market model", work=_train, every_s=DAY_S, open_max=1, failures_max=2))
declare(JobKind(name="watch_model_drift", title="Watch the market model for drift", work=_watch, every_s=3_600))
