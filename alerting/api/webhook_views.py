"""Webhooks of whoever asks: endpoints, their secrets, tests, deliveries and replays."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.debug import sensitive_variables

from alerting.api import webhook_documents as documents
from alerting.api import webhook_forms as forms
from alerting.api import webhook_operations as operations
from alerting.api.views import user_id
from alerting.engine.webhooks.catalogue import CATALOGUE
from alerting.selectors.webhooks import endpoint_of, endpoints_of, event_deliveries, event_delivery
from alerting.services.webhooks.replay_events import replay_failed, replay_one, replay_since
from alerting.services.webhooks.rotate_secret import rotate_secret
from alerting.services.webhooks.save_endpoint import create_endpoint, delete_endpoint, update_endpoint
from alerting.services.webhooks.send_test_event import send_test_event
from common.api.access import PUBLIC, READ, WEBHOOKS
from common.api.fields import Fields, json_body
from common.api.responses import json_response
from common.api.views import ApiView
from common.client_ip import client_ip


class WebhookEventsView(ApiView):
    access = PUBLIC

    @operations.list_events
    def get(self, request: HttpRequest) -> HttpResponse:
        Fields.of_query(request).finish()
        return json_response({"items": [documents.event_document(one) for one in CATALOGUE.values()]})


class WebhooksView(ApiView):
    access_by_method = {"GET": READ, "POST": WEBHOOKS}

    @operations.list_webhooks
    def get(self, request: HttpRequest) -> HttpResponse:
        Fields.of_query(request).finish()
        rows = endpoints_of(user_id(request))
        return json_response({"items": [documents.endpoint_document(row) for row in rows]})

    @operations.create_webhook
    @sensitive_variables("made", "form")
    def post(self, request: HttpRequest) -> HttpResponse:
        form = forms.endpoint_from(json_body(request))
        made = create_endpoint(
            user_id=user_id(request),
            url=form.url,
            events=form.events,
            markets=form.markets,
            description=form.description,
            ip=client_ip(request),
        )
        row = documents.endpoint_document(endpoint_of(user_id(request), made.id))
        return json_response({**row, "secret": made.secret}, status=201)


class WebhookView(ApiView):
    access_by_method = {"GET": READ, "PATCH": WEBHOOKS, "DELETE": WEBHOOKS}

    @operations.get_webhook
    def get(self, request: HttpRequest, endpoint_id: str) -> HttpResponse:
        Fields.of_query(request).finish()
        return _endpoint(request, endpoint_id)

    @operations.update_webhook
    def patch(self, request: HttpRequest, endpoint_id: str) -> HttpResponse:
        changes = forms.changes_from(json_body(request))
        update_endpoint(changes=changes, **_whose(request, endpoint_id))
        return _endpoint(request, endpoint_id)

    @operations.delete_webhook
    def delete(self, request: HttpRequest, endpoint_id: str) -> HttpResponse:
        delete_endpoint(**_whose(request, endpoint_id))
        return json_response({"id": int(endpoint_id)})


class RotateWebhookView(ApiView):
    access = WEBHOOKS

    @operations.rotate_secret
    @sensitive_variables("secret")
    def post(self, request: HttpRequest, endpoint_id: str) -> HttpResponse:
        overlap_s = forms.overlap_from(json_body(request))
        secret = rotate_secret(overlap_s=overlap_s, **_whose(request, endpoint_id))
        row = documents.endpoint_document(endpoint_of(user_id(request), int(endpoint_id)))
        return json_response({"secret": secret, "rotating_until": row["rotating_until"]})


class TestWebhookView(ApiView):
    access = WEBHOOKS

    @operations.test_webhook
    def post(self, request: HttpRequest, endpoint_id: str) -> HttpResponse:
        event = forms.event_from(json_body(request))
        delivery_id = send_test_event(user_id=user_id(request), endpoint_id=int(endpoint_id), event=event)
        return _delivery(request, endpoint_id, delivery_id)


class ReplayWebhookView(ApiView):
    access = WEBHOOKS

    @operations.replay_webhook
    def post(self, request: HttpRequest, endpoint_id: str) -> HttpResponse:
        form, whose = forms.replay_from(json_body(request)), _whose(request, endpoint_id)
        deliveries, markets = 0, 0
        if form.what is forms.ReplayWhat.FAILED:
            deliveries = replay_failed(since=form.since, **whose)
        elif form.since is not None:
            markets = replay_since(since=form.since, is_whole=form.what is forms.ReplayWhat.ALL, **whose)
        return json_response({"deliveries": deliveries, "markets": markets}, status=202)


class WebhookDeliveriesView(ApiView):
    access = READ

    @operations.list_deliveries
    def get(self, request: HttpRequest, endpoint_id: str) -> HttpResponse:
        asked = forms.deliveries_query(request)
        page = event_deliveries(
            endpoint_of(user_id(request), int(endpoint_id)).channel_id,
            status=asked.status,
            event=asked.event,
            limit=asked.limit,
            cursor=asked.cursor,
        )
        items = [documents.delivery_document(row) for row in page.items]
        return json_response({"items": items, "next_cursor": page.next_cursor})


class WebhookDeliveryView(ApiView):
    access = READ

    @operations.get_delivery
    def get(self, request: HttpRequest, endpoint_id: str, delivery_id: str) -> HttpResponse:
        Fields.of_query(request).finish()
        channel_id = endpoint_of(user_id(request), int(endpoint_id)).channel_id
        return json_response(documents.whole_delivery_document(event_delivery(channel_id, int(delivery_id))))


class ReplayWebhookDeliveryView(ApiView):
    access = WEBHOOKS

    @operations.replay_delivery
    def post(self, request: HttpRequest, endpoint_id: str, delivery_id: str) -> HttpResponse:
        Fields(json_body(request)).finish()
        replay_one(delivery_id=int(delivery_id), **_whose(request, endpoint_id))
        return _delivery(request, endpoint_id, int(delivery_id))


def _whose(request: HttpRequest, endpoint_id: str) -> dict[str, Any]:
    return {"user_id": user_id(request), "endpoint_id": int(endpoint_id), "ip": client_ip(request)}


def _endpoint(request: HttpRequest, endpoint_id: str) -> HttpResponse:
    return json_response(documents.endpoint_document(endpoint_of(user_id(request), int(endpoint_id))))


def _delivery(request: HttpRequest, endpoint_id: str, delivery_id: int) -> HttpResponse:
    channel_id = endpoint_of(user_id(request), int(endpoint_id)).channel_id
    return json_response(documents.delivery_document(event_delivery(channel_id, delivery_id)), status=202)
