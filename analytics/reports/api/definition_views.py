"""Report definitions: what is shown, with whom it is shared, when it is made."""

from django.http import HttpRequest, HttpResponse

from analytics.reports.api import documents, forms, operations
from analytics.reports.api.report_views import user_id_of
from analytics.reports.selectors.access import reader
from analytics.reports.selectors.definitions import access_definition, visible_definitions
from analytics.reports.services.delete_definition import delete_definition
from analytics.reports.services.save_definition import save_definition
from common.api.access import MAKE_REPORTS, READ_REPORTS
from common.api.fields import Fields, json_body
from common.api.responses import json_response
from common.api.views import ApiView
from common.client_ip import client_ip


class DefinitionsView(ApiView):
    access_by_method = {"GET": READ_REPORTS, "POST": MAKE_REPORTS}

    @operations.list_definitions
    def get(self, request: HttpRequest) -> HttpResponse:
        Fields.of_query(request).finish()
        found = visible_definitions(reader(user_id_of(request)))
        return json_response({"items": [documents.definition_document(one) for one in found], "next_cursor": None})

    @operations.create_definition
    def post(self, request: HttpRequest) -> HttpResponse:
        return json_response(_saved(request, None), status=201)


class DefinitionView(ApiView):
    access_by_method = {"GET": READ_REPORTS, "PUT": MAKE_REPORTS, "DELETE": MAKE_REPORTS}

    @operations.get_definition
    def get(self, request: HttpRequest, definition_id: str) -> HttpResponse:
        Fields.of_query(request).finish()
        found = access_definition(reader(user_id_of(request)), int(definition_id))
        return json_response(documents.definition_document(found))

    @operations.replace_definition
    def put(self, request: HttpRequest, definition_id: str) -> HttpResponse:
        return json_response(_saved(request, int(definition_id)))

    @operations.delete_definition
    def delete(self, request: HttpRequest, definition_id: str) -> HttpResponse:
        Fields.of_query(request).finish()
        before = access_definition(reader(user_id_of(request)), int(definition_id))
        document = documents.definition_document(before)
        delete_definition(actor_id=user_id_of(request), definition_id=before.pk, ip=client_ip(request))
        return json_response(document)


def _saved(request: HttpRequest, definition_id: int | None) -> dict[str, object]:
    form = forms.definition_from_body(json_body(request))
    saved = save_definition(
        actor_id=user_id_of(request),
        definition=form.definition,
        shared_with=form.shared_with,
        schedule=form.schedule,
        definition_id=definition_id,
        ip=client_ip(request),
    )
    return documents.definition_document(saved)
