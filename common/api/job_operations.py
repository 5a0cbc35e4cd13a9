"""The OpenAPI text of the operations on jobs."""

from typing import Any, Final

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers

from common.api.shapes import KEY_AUTH, page_parameters, path, problems, query, whole
from common.models import JobStatus

_JOBS: Final = ["jobs"]
_ID: Final = path("job_id", "Id of the job.", "31", OpenApiTypes.INT)
_STATUSES: Final = [status.value for status in JobStatus]


class JobFile(serializers.Serializer[Any]):
    name = serializers.CharField()
    content_type = serializers.CharField()
    bytes = serializers.IntegerField()
    href = serializers.CharField(help_text="Where to download it.")


class Job(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    kind = serializers.CharField()
    title = serializers.CharField(help_text="The kind in words.")
    status = serializers.ChoiceField(choices=JobStatus.choices, help_text="LOST: its worker died, another takes over.")
    done = serializers.IntegerField()
    total = serializers.IntegerField(allow_null=True, help_text="What done counts up to, when that is known.")
    words = serializers.CharField(allow_blank=True, help_text="What it is doing now.")
    attempt = serializers.IntegerField()
    is_cancel_asked = serializers.BooleanField()
    error = serializers.CharField(allow_null=True)
    result = serializers.DictField(allow_null=True)
    file = JobFile(allow_null=True)
    owner_id = serializers.IntegerField(allow_null=True)
    parent_id = serializers.IntegerField(allow_null=True)
    created_at = serializers.DateTimeField()
    due_at = serializers.DateTimeField(help_text="Not before; later than created_at after a failure.")
    started_at = serializers.DateTimeField(allow_null=True)
    ended_at = serializers.DateTimeField(allow_null=True)


class JobPage(serializers.Serializer[Any]):
    items = Job(many=True)
    next_cursor = serializers.CharField(allow_null=True)


class Cancellation(serializers.Serializer[Any]):
    reason = serializers.CharField(required=False, help_text="Kept with the job, for its owner to read.")


class Export(serializers.Serializer[Any]):
    format = serializers.ChoiceField(choices=["csv"], default="csv")


list_jobs = extend_schema(
    operation_id="listJobs",
    tags=_JOBS,
    summary="List your background jobs",
    description="Newest first. Needs the scope `read`; `everybody=true` is for staff, with a key of the scope "
    "`operate`.",
    auth=KEY_AUTH,
    parameters=[
        query("status", "One status.", enum=_STATUSES),
        query("kind", "One kind, such as ledger_statement."),
        whole("parent_id", "The parts of this job."),
        query("everybody", "true: jobs of all owners and of the site itself.", enum=["true", "false"]),
        *page_parameters(),
    ],
    responses={200: JobPage, **problems(400, 401, 403)},
)
get_job = extend_schema(
    operation_id="getJob",
    tags=_JOBS,
    summary="Read a background job",
    description="Ask again about once a second while it is PENDING or RUNNING. Needs the scope `read`.",
    auth=KEY_AUTH,
    parameters=[_ID],
    responses={200: Job, **problems(401, 403, 404)},
)
cancel_job = extend_schema(
    operation_id="cancelJob",
    tags=_JOBS,
    summary="Cancel a background job",
    description="A waiting job is CANCELLED at once, a running one at its next word of progress: until then "
    "`is_cancel_asked` is true. What it wrote is taken back. Needs the scope `read`.",
    auth=KEY_AUTH,
    parameters=[_ID],
    request=Cancellation,
    responses={200: Job, **problems(400, 401, 403, 404, 409, 415)},
    examples=[OpenApiExample("cancel", {"reason": "Started by mistake."}, request_only=True)],
)
get_result = extend_schema(
    operation_id="getJobResult",
    tags=_JOBS,
    summary="Download the file of a job",
    description="As the job's `file` describes it, kept for some days. Needs the scope `read`.",
    auth=KEY_AUTH,
    parameters=[_ID],
    responses={(200, "text/csv"): OpenApiTypes.STR, **problems(401, 403, 404)},
)
