"""What the examples of the API's document speak of: alice's webhook 91 and its delivery 9001."""

from datetime import timedelta

from django.db import connection

from alerting.models import Delivery, DeliveryAttempt, WebhookEndpoint
from alerting.services.webhooks.save_endpoint import create_endpoint
from alerting.services.webhooks.send_test_event import send_test_event
from common import clock


def keep_webhook(user_id: int) -> None:
    _set_next("webhookendpoint", 91)
    _set_next("delivery", 9001)
    url = "https://bot.example.org/hooks/market"
    events = ["order.*", "fill.created", "account.notice"]
    create_endpoint(user_id=user_id, url=url, events=events, description="bot")
    send_test_event(user_id=user_id, endpoint_id=91, event="order.filled")
    now = clock.now()
    Delivery.objects.filter(pk=9001).update(status="dead", attempts=1, failed=1, ended_at=now, problem="Answered 410.")
    DeliveryAttempt.objects.create(
        delivery_id=9001, number=1, at=now - timedelta(seconds=1), took_ms=87, is_success=False, code=410,
        detail="Answered 410.", excerpt="This hook was moved.",
    )  # fmt: skip
    assert WebhookEndpoint.objects.get().switched_off == ""


def _set_next(table: str, value: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT setval('alerting_{table}_id_seq', {value}, false)")
