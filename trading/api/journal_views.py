"""Exports of journals, made in the background."""

from django.http import HttpRequest, HttpResponse

from common.api.access import READ, SEE_JOURNALS
from common.api.errors import ScopeMissing
from common.api.fields import Fields, json_body
from common.api.job_documents import job_document
from common.api.responses import json_response
from common.api.views import ApiView
from trading.api import journal_operations
from trading.api.market_views import idempotency_key, visible_market
from trading.api.order_views import user_id_of
from trading.services.request_journal_export import ExportDetail, ExportFormat, request_journal_export


class MarketJournalExportView(ApiView):
    access = READ

    @journal_operations.export_journal
    def post(self, request: HttpRequest, key: str) -> HttpResponse:
        fields = Fields(json_body(request))
        file_format = fields.choice("format", ExportFormat, default=ExportFormat.CSV)
        detail = fields.choice("detail", ExportDetail, default=ExportDetail.PUBLIC)
        fields.finish()
        market_id, _ = visible_market(request, key)
        if detail is ExportDetail.FULL and not request.api_caller.has_scope(SEE_JOURNALS.scope):  # type: ignore[attr-defined]
            raise ScopeMissing("A full export needs a key with the scope report.")
        job = request_journal_export(
            user_id=user_id_of(request),
            market_id=market_id,
            format=file_format,
            detail=detail,
            key=idempotency_key(request),
        )
        return json_response(job_document(job), status=202)


class JournalsExportView(ApiView):
    access = SEE_JOURNALS

    @journal_operations.export_journals
    def post(self, request: HttpRequest) -> HttpResponse:
        fields = Fields(json_body(request))
        file_format = fields.choice("format", ExportFormat, default=ExportFormat.CSV)
        fields.finish()
        job = request_journal_export(
            user_id=user_id_of(request),
            market_id=None,
            format=file_format,
            detail=ExportDetail.FULL,
            key=idempotency_key(request),
        )
        return json_response(job_document(job), status=202)
