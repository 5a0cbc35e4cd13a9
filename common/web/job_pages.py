"""An account's own jobs: how far each is, its file, and a way to stop it."""

from dataclasses import dataclass
from typing import Any, Final

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from common.api.job_files import file_answer
from common.jobs.cancel import cancel_job
from common.jobs.errors import JobEnded, JobNotFound, JobWithoutFile
from common.jobs.kinds import title_of
from common.jobs.reading import access_job, jobs
from common.models import Job, JobStatus
from common.problem_words import words_of

_SHOWN: Final = 50
_STATE_WORDS: Final = {
    JobStatus.PENDING: gettext_lazy("Waiting"),
    JobStatus.RUNNING: gettext_lazy("Running"),
    JobStatus.COMPLETED: gettext_lazy("Done"),
    JobStatus.FAILED: gettext_lazy("Failed"),
    JobStatus.CANCELLED: gettext_lazy("Cancelled"),
    JobStatus.LOST: gettext_lazy("Starting again"),
}


@dataclass(frozen=True, slots=True)
class JobRow:
    job: Job

    @property
    def title(self) -> str:
        return title_of(self.job.kind)

    @property
    def state(self) -> str:
        if self.is_open and self.job.is_cancel_asked:
            return gettext("Stopping")
        return str(_STATE_WORDS[JobStatus(self.job.status)])

    @property
    def is_open(self) -> bool:
        return self.job.ended_at is None

    @property
    def percent(self) -> int | None:
        """From 0 to 100, when there is a total."""
        total = self.job.total
        return None if not total else min(100, self.job.done * 100 // total)


@require_safe
@never_cache
@login_required
def job_list(request: HttpRequest) -> HttpResponse:
    return render(request, "jobs/jobs.html", _context(request))


@require_safe
@never_cache
@login_required
def job_rows(request: HttpRequest) -> HttpResponse:
    """The part of the page that changes, for its script."""
    return render(request, "jobs/_jobs.html", _context(request))


@require_POST
@login_required
def job_cancel(request: HttpRequest, job_id: str) -> HttpResponse:
    job = _own(request, job_id)
    try:
        cancel_job(job_id=job.pk)
    except JobEnded as refusal:
        messages.error(request, words_of(refusal))
    return redirect("jobs:list")


@require_safe
@login_required
def job_result(request: HttpRequest, job_id: str) -> HttpResponseBase:
    try:
        return file_answer(_own(request, job_id))
    except JobWithoutFile as refusal:
        raise Http404(refusal.detail) from refusal


def _own(request: HttpRequest, job_id: str) -> Job:
    try:
        return access_job(int(job_id), user_id=request.user.pk or 0, sees_all=False)
    except JobNotFound as refusal:
        raise Http404(refusal.detail) from refusal


def _context(request: HttpRequest) -> dict[str, Any]:
    rows = [JobRow(job) for job in jobs(owner_id=request.user.pk, limit=_SHOWN).items]
    return {"rows": rows, "has_open": any(row.is_open for row in rows)}
