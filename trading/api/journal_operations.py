"""The OpenAPI text of the exports of journals, with examples that a test executes."""

from typing import Any, Final

from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema
from rest_framework import serializers

from common.api import job_operations
from common.api.shapes import KEY_AUTH, path, problems
from trading.services.request_journal_export import ExportDetail, ExportFormat

_IDEMPOTENCY_KEY: Final = OpenApiParameter(
    "Idempotency-Key", str, OpenApiParameter.HEADER, description="Yours, at most 60 characters."
)
_FILE: Final = (
    "Starts a background job; follow it with `GET /api/v1/jobs/{id}` and download its file. It holds the market's "
    "rules, every record of its journal and the figures that they come to; `scripts/replay_journal.py` rebuilds books "
    "and balances from it with nothing but Python. The same `Idempotency-Key` answers the same job."
)


class JournalExport(serializers.Serializer[Any]):
    format = serializers.ChoiceField(choices=[f.value for f in ExportFormat], default="csv")
    detail = serializers.ChoiceField(
        choices=[(d.value, d.name) for d in ExportDetail],
        default="public",
        help_text="public: levels, trades and prices. full: also whose, with holds, cash and shares; for staff.",
    )


class JournalsExport(serializers.Serializer[Any]):
    format = serializers.ChoiceField(choices=[f.value for f in ExportFormat], default="csv")


export_journal = extend_schema(
    operation_id="exportJournal",
    tags=["markets"],
    summary="Export a market's journal",
    description=f"{_FILE} Needs the scope `read`; `detail: full` needs the scope `report` and a role "
    "that sees journals.",
    auth=KEY_AUTH,
    parameters=[path("key", "Id or slug of the market.", "rain-in-lisbon"), _IDEMPOTENCY_KEY],
    request=JournalExport,
    responses={202: job_operations.Job, **problems(400, 401, 403, 404, 415, 503)},
    examples=[OpenApiExample("export", {"format": "csv"}, summary="export", request_only=True)],
)
export_journals = extend_schema(
    operation_id="exportJournals",
    tags=["markets"],
    summary="Export the journals of all markets",
    description=f"{_FILE} One market after the other, in full. Needs the scope `report` and a role that sees journals.",
    auth=KEY_AUTH,
    parameters=[_IDEMPOTENCY_KEY],
    request=JournalsExport,
    responses={202: job_operations.Job, **problems(400, 401, 403, 415, 503)},
    examples=[OpenApiExample("export all", {"format": "parquet"}, summary="export all", request_only=True)],
)
