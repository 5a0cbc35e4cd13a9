"""Workers that die while they make reports: each report is made once, its letters are written once, and the ledger
knows of each loss within two leases. ``REPORT_KILLS=100`` kills more of them.
"""

import json
import os
import subprocess
import sys
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings

from accounts.models import User
from analytics.reports.models import Report, ReportDelivery, ReportResult, ReportSchedule
from analytics.reports.services.start_due_reports import start_due_reports
from analytics.reports.types import Delivery
from common.models import Job, JobAttempt
from common.tasks import work_off_jobs
from tests.analytics.reports.services.test_schedules import scheduled

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
KILLS = int(os.environ.get("REPORT_KILLS", "12"))
LEASE_S = 2.0
#: Children claim and run jobs as a Celery worker does; each gets SIGKILL wherever it is. Then the sweep goes on alone.
_KILL: str = """
import json, os, random, signal, sys, time
from dataclasses import replace
import django
django.setup()
from django.conf import settings
from django.db import connection, connections
settings.DATABASES["default"]["NAME"] = connection.settings_dict["NAME"] = sys.argv[1]
settings.EMAIL_BACKEND = "common.mail.backend.QueuedEmailBackend"
settings.EMAIL_SENDER = "django.core.mail.backends.locmem.EmailBackend"
from common.jobs import kinds
from common.jobs.run import run_due_jobs
from common.jobs.sweep import find_lost_jobs
from common.models import Job
kinds._kinds = {
    name: replace(kinds._kinds[name], lease_s=float(sys.argv[3]), losses_max=10**6) for name in ("report", "send_email")
}

def fork():
    connections.close_all()
    pid = os.fork()
    while pid == 0:
        run_due_jobs(seconds=5) or time.sleep(0.005)
    return pid

def kill(pid):
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    killed[pid] = time.time()

chance, killed, pids = random.Random(5), {}, [fork(), fork()]
for _ in range(int(sys.argv[2])):
    time.sleep(chance.uniform(0.005, 0.12))
    place = chance.randrange(2)
    kill(pids[place])
    pids[place] = fork()
    find_lost_jobs()
until = time.monotonic() + 60
while time.monotonic() < until and Job.objects.filter(kind="report", ended_at=None).exists():
    find_lost_jobs()
    time.sleep(0.1)
for pid in pids:
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
print(json.dumps(killed), flush=True)
os._exit(0)
"""


def test_killed_workers_make_each_report_once(
    analyst: User, project_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Nobody in this process works on them: the nudges of tests would.
    monkeypatch.setattr(work_off_jobs, "apply_async", lambda **options: None)
    count = max(8, KILLS)
    for number in range(count):
        scheduled(analyst, title=f"Morning {number}", delivery=Delivery.LINK)
    ReportSchedule.objects.update(next_at=datetime.now(UTC) - timedelta(minutes=1))
    Job.objects.all().delete()
    while start_due_reports():
        # As an owner has only so many jobs waiting, the turns of the others wait as well.
        Job.objects.filter(kind="report").update(owner_id=None)
    command = [sys.executable, "-c", _KILL, str(settings.DATABASES["default"]["NAME"]), str(KILLS), str(LEASE_S)]
    answer = subprocess.run(
        command, cwd=project_dir, env=os.environ.copy(), capture_output=True, text=True, check=False, timeout=240
    )
    assert answer.returncode == 0, answer.stderr
    killed = {int(pid): at for pid, at in json.loads(answer.stdout).items()}
    assert len(killed) == KILLS
    assert Counter(Job.objects.filter(kind="report").values_list("status", flat=True)) == {"COMPLETED": count}
    completed = JobAttempt.objects.filter(job__kind="report", outcome="completed")
    assert Counter(completed.values_list("job_id", flat=True)).most_common(1)[0][1] == 1
    assert completed.count() == Report.objects.filter(result__isnull=False).count() == count
    assert ReportResult.objects.count() == ReportDelivery.objects.count() == count
    assert Job.objects.filter(kind="send_email").count() == count
    assert max(_limbo_s(killed), default=0.0) <= 2 * LEASE_S


def _limbo_s(killed: dict[int, float]) -> list[float]:
    """For each kill that struck an attempt: how long the ledger took to know."""
    lost = JobAttempt.objects.filter(job__kind="report", outcome="lost").values_list("worker", "ended_at")
    found = [
        ended_at.timestamp() - killed[pid]
        for worker, ended_at in lost
        if ended_at is not None and (pid := int(worker.rpartition("-")[2])) in killed
    ]
    assert found, "at least one kill struck a worker at work"
    return found
