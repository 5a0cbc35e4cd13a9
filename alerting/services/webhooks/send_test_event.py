"""A made-up event through the real path: the outbox, the worker, the endpoint."""

import secrets

from django.db import transaction

from alerting.engine.webhooks.catalogue import CATALOGUE
from alerting.errors import WebhookInvalid, WebhookOff
from alerting.models import Delivery
from alerting.services.webhooks._endpoints import locked_endpoint
from alerting.services.webhooks._queueing import Event, listener_of, queue
from common import clock


def send_test_event(*, user_id: int, endpoint_id: int, event: str = "") -> int:
    """The id of the delivery of the example of ``event``, else of the first that the endpoint gets.

    Raises: WebhookNotFound, WebhookInvalid, WebhookOff
    """
    with transaction.atomic():
        endpoint = locked_endpoint(user_id, endpoint_id)
        if endpoint.switched_off:
            raise WebhookOff("Switch the webhook on first: PATCH it with is_enabled true.")
        found = CATALOGUE.get(event or endpoint.events[0])
        if found is None:
            raise WebhookInvalid(
                f"There is no event {event[:60]!r}; GET /api/v1/webhooks/events lists them.", field="event"
            )
        mark = f"t-{secrets.token_hex(12)}"
        (key,) = queue([Event(listener_of(endpoint), mark, found.name, clock.now(), found.example)])
        return Delivery.objects.values_list("pk", flat=True).get(key=key)
