"""Reports that are made in the background: asked for, followed, downloaded."""

from typing import Any

from django.http import HttpRequest, HttpResponse

from analytics.reports.api import documents, files, forms, operations
from analytics.reports.engine.definitions import definition_from
from analytics.reports.selectors.access import reader
from analytics.reports.selectors.definitions import access_definition
from analytics.reports.selectors.reports import access_report, visible_reports
from analytics.reports.services.order_report import order_report
from analytics.reports.types import Definition
from common.api.access import MAKE_REPORTS, READ_REPORTS
from common.api.fields import Fields, json_body
from common.api.responses import json_response
from common.api.views import ApiView


class GenerateReportView(ApiView):
    access = MAKE_REPORTS

    @operations.generate_report
    def post(self, request: HttpRequest) -> HttpResponse:
        form, user_id = forms.order_from(json_body(request)), user_id_of(request)
        definition = form.definition or _kept(user_id, form.definition_id or 0)
        report = order_report(
            owner_id=user_id,
            definition=definition,
            definition_id=form.definition_id,
            key=forms.idempotency_key(request),
        )
        return json_response(documents.report_document(access_report(reader(user_id), report.pk)), status=202)


class ReportsView(ApiView):
    access = READ_REPORTS

    @operations.list_reports
    def get(self, request: HttpRequest) -> HttpResponse:
        query = forms.reports_query(request)
        page = visible_reports(
            reader(user_id_of(request)), definition_id=query.definition_id, limit=query.limit, cursor=query.cursor
        )
        items = [documents.report_document(view) for view in page.items]
        return json_response({"items": items, "next_cursor": page.next_cursor})


class ReportView(ApiView):
    access = READ_REPORTS

    @operations.get_report
    def get(self, request: HttpRequest, report_id: str) -> HttpResponse:
        Fields.of_query(request).finish()
        view = access_report(reader(user_id_of(request)), int(report_id))
        return json_response(documents.report_document(view))


class ReportDownloadView(ApiView):
    access = READ_REPORTS

    @operations.download_report
    def get(self, request: HttpRequest, report_id: str) -> HttpResponse:
        Fields.of_query(request).finish()
        return files.file_answer(access_report(reader(user_id_of(request)), int(report_id)))


def user_id_of(request: Any) -> int:
    user_id: int = request.api_caller.user_id
    return user_id


def _kept(user_id: int, definition_id: int) -> Definition:
    return definition_from(access_definition(reader(user_id), definition_id).document)
