"""What a trader owns and how it came about."""

from django.http import HttpRequest, HttpResponse

from common.api.access import READ
from common.api.errors import NotFound
from common.api.fields import Fields, json_body
from common.api.job_documents import job_document
from common.api.responses import json_response
from common.api.views import ApiView
from trading.api import operations
from trading.api.documents import account_document, fill_document, line_document, page_document, position_document
from trading.api.market_views import idempotency_key, page_fields
from trading.api.order_forms import ID_MAX
from trading.api.order_views import user_id_of
from trading.selectors.accounts import account_view, ledger_lines
from trading.selectors.fills import fills
from trading.selectors.positions import positions
from trading.services.request_statement import request_statement


class FillsView(ApiView):
    access = READ

    @operations.list_fills
    def get(self, request: HttpRequest) -> HttpResponse:
        fields = Fields.of_query(request)
        limit, cursor = page_fields(fields)
        market_id = fields.optional_integer("market_id", low=1, high=ID_MAX)
        fields.finish()
        page = fills(user_id_of(request), market_id=market_id, limit=limit, cursor=cursor)
        return json_response(page_document(page, [fill_document(fill) for fill in page.items]))


class PositionsView(ApiView):
    access = READ

    @operations.list_positions
    def get(self, request: HttpRequest) -> HttpResponse:
        fields = Fields.of_query(request)
        market_id = fields.optional_integer("market_id", low=1, high=ID_MAX)
        fields.finish()
        found = positions(user_id_of(request), market_id=market_id)
        return json_response({"items": [position_document(position) for position in found], "next_cursor": None})


class AccountView(ApiView):
    access = READ

    @operations.get_account
    def get(self, request: HttpRequest) -> HttpResponse:
        Fields.of_query(request).finish()
        account = account_view(user_id_of(request))
        if account is None:
            raise NotFound("The account was removed.")
        return json_response(account_document(account))


class LedgerView(ApiView):
    access = READ

    @operations.list_ledger
    def get(self, request: HttpRequest) -> HttpResponse:
        fields = Fields.of_query(request)
        limit, cursor = page_fields(fields)
        fields.finish()
        page = ledger_lines(user_id_of(request), limit=limit, cursor=cursor)
        return json_response(page_document(page, [line_document(line) for line in page.items]))


class LedgerExportView(ApiView):
    access = READ

    @operations.export_ledger
    def post(self, request: HttpRequest) -> HttpResponse:
        fields = Fields(json_body(request))
        if fields.text("format", default="csv") != "csv":
            fields.refuse("format", "field.not_a_choice", "Send one of: csv.")
        fields.finish()
        job = request_statement(user_id=user_id_of(request), key=idempotency_key(request))
        return json_response(job_document(job), status=202)
