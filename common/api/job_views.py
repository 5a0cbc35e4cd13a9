"""Background jobs: an owner's own, and everybody's for staff."""

from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from common.api import job_operations
from common.api.access import READ, Caller
from common.api.errors import PermissionMissing
from common.api.fields import Fields, json_body
from common.api.job_documents import job_document
from common.api.job_files import file_answer
from common.api.responses import json_response
from common.api.views import ApiView
from common.jobs.cancel import cancel_job
from common.jobs.reading import CHANGE_PERMISSION, VIEW_PERMISSION, access_job, jobs
from common.models import JobStatus
from common.paging import LIMIT_DEFAULT, LIMIT_MAX

_ID_MAX: Final = 2**63 - 1
_STATUSES: Final = [status.value for status in JobStatus]


class JobsView(ApiView):
    access = READ

    @job_operations.list_jobs
    def get(self, request: HttpRequest) -> HttpResponse:
        fields = Fields.of_query(request)
        limit = fields.integer("limit", low=1, high=LIMIT_MAX, default=LIMIT_DEFAULT)
        cursor, kind = fields.text("cursor", length_max=500), fields.text("kind")
        status = fields.one_of("status", _STATUSES)
        parent_id = fields.optional_integer("parent_id", low=1, high=_ID_MAX)
        everybody = fields.one_of("everybody", ("true", "false"))
        fields.finish()
        caller = _caller(request)
        if everybody == "true" and not _sees_all(caller, VIEW_PERMISSION):
            raise PermissionMissing("Only staff may list the jobs of everybody, by key with the scope operate.")
        page = jobs(
            owner_id=None if everybody == "true" else caller.user_id,
            status=status,
            kind=kind,
            parent_id=parent_id,
            limit=limit,
            cursor=cursor or None,
        )
        return json_response({"items": [job_document(job) for job in page.items], "next_cursor": page.next_cursor})


class JobView(ApiView):
    access = READ

    @job_operations.get_job
    def get(self, request: HttpRequest, job_id: str) -> HttpResponse:
        Fields.of_query(request).finish()
        return json_response(job_document(_visible(request, job_id, VIEW_PERMISSION)))


class CancelJobView(ApiView):
    access = READ

    @job_operations.cancel_job
    def post(self, request: HttpRequest, job_id: str) -> HttpResponse:
        fields = Fields(json_body(request))
        reason = fields.text("reason", length_max=200)
        fields.finish()
        job = _visible(request, job_id, CHANGE_PERMISSION)
        return json_response(job_document(cancel_job(job_id=job.pk, reason=reason)))


class JobResultView(ApiView):
    access = READ

    @job_operations.get_result
    def get(self, request: HttpRequest, job_id: str) -> HttpResponseBase:
        Fields.of_query(request).finish()
        return file_answer(_visible(request, job_id, VIEW_PERMISSION))


def _visible(request: HttpRequest, job_id: str, permission: str) -> Any:
    caller = _caller(request)
    number = min(int(job_id), _ID_MAX)
    return access_job(number, user_id=caller.user_id, sees_all=_sees_all(caller, permission))


def _sees_all(caller: Caller, permission: str) -> bool:
    return caller.has_scope("operate") and bool(caller.user.has_perm(permission))


def _caller(request: HttpRequest) -> Caller:
    caller: Caller = request.api_caller  # type: ignore[attr-defined]
    return caller
