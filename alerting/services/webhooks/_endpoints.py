"""An endpoint with its channel, locked for a change by its owner."""

from typing import Any

from django.db import connection, transaction

from alerting.engine.channels.configs import ENDPOINT, Config, read_config, shown
from alerting.errors import WebhookNotFound
from alerting.models import WebhookCursor, WebhookEndpoint
from alerting.services._config import config_of, sealed
from common import clock
from trading.selectors.tellable import journal_heads

#: One lock for whoever makes endpoints get events, so that two first ones don't begin at two moments.
LISTENING_LOCK = 0x0E_7B_00_C5


def locked_endpoint(user_id: int, endpoint_id: int) -> WebhookEndpoint:
    """Within a transaction.

    Raises: WebhookNotFound
    """
    rows = WebhookEndpoint.objects.select_for_update(of=("self", "channel")).select_related("channel")
    endpoint = rows.filter(pk=endpoint_id, user=user_id).first()
    if endpoint is None:
        raise WebhookNotFound("There is no webhook of yours with this id.", field="id")
    return endpoint


def config_of_endpoint(endpoint: WebhookEndpoint) -> Config:
    """Secrets included: never for a page, an answer or a log."""
    return config_of(endpoint.channel)


def store_config(endpoint: WebhookEndpoint, **changes: Any) -> None:
    config = read_config(ENDPOINT, {**config_of(endpoint.channel), **changes})
    endpoint.channel.sealed, endpoint.channel.shown = sealed(config), shown(ENDPOINT, config)
    endpoint.channel.save(update_fields=["sealed", "shown"])


def begin_to_listen() -> None:
    """Within the transaction that switches an endpoint on: where nobody listened, what happened till now is past."""
    assert transaction.get_connection().in_atomic_block
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LISTENING_LOCK])
    if WebhookEndpoint.objects.filter(switched_off="").exists():
        return
    rows = [WebhookCursor(market_id=market_id, seq=seq) for market_id, seq in journal_heads().items()]
    WebhookCursor.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["market"], update_fields=["seq"], batch_size=5_000
    )


def switch_on(endpoint: WebhookEndpoint) -> None:
    """What waits goes at once; what happened while it was off is told when a replay is asked for."""
    begin_to_listen()
    channel = endpoint.channel
    endpoint.switched_off, endpoint.switched_off_at, endpoint.since = "", None, clock.now()
    channel.is_enabled, channel.failures, channel.failing_since, channel.rests_until = True, 0, None, None
    channel.save(update_fields=["is_enabled", "failures", "failing_since", "rests_until"])
