"""The kind of job whose workers are killed: it writes to a table and a file, and sometimes fails by itself."""

import time
from typing import Final

from django.db import connection

from common.jobs.kinds import declare
from common.jobs.types import JobFile, JobKind, JobResult, Run
from common.models import Job

#: Long enough that every kill is found while the run lasts, short enough that 1,000 kills take minutes.
LEASE_S: Final = 1.0
TABLE: Final = "benchmark_effect"


def work(run: Run) -> JobResult:
    """About 30 ms with its effect in the middle, so that a kill strikes before it, after it and at the commit."""
    steps, mode = run.arguments["steps"], run.arguments["mode"]
    path = run.new_file(".txt")
    for step in range(steps):
        if step == steps // 2:
            _write_effect(run.job_id)
        path.write_text(f"{run.job_id} {step}")
        run.progress(step, steps, "working")
        time.sleep(0.003)
    failures = Job.objects.values_list("failures", flat=True).get(pk=run.job_id)
    if mode == "fails" or (mode == "fails once" and failures == 0):
        raise ValueError("as it was told")
    return JobResult({"steps": steps}, JobFile(path, "result.txt", "text/plain"))


def _write_effect(job_id: int) -> None:
    # No key: an effect that happens twice is two rows.
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO {TABLE} (job_id) VALUES (%s)", [job_id])  # noqa: S608  a constant


KIND: Final = declare(
    JobKind(
        name="benchmark_work",
        title="Work to be killed",
        work=work,
        lease_s=LEASE_S,
        losses_max=1_000_000,
        failures_max=3,
        backoff_s=0.05,
    )
)
