"""Send again what an endpoint has missed.

Contract   The same event is the same message, whenever it is sent: a receiver that has it already knows it by its id.
           What was never queued, because the endpoint was switched off, is read from the journals, in steps that the
           sweep works off; what was given up goes again at once.
"""

import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import F, QuerySet

from alerting.engine.webhooks.ladder import WAITING_MAX
from alerting.errors import WebhookInvalid, WebhookNotFound, WebhookOff
from alerting.events import EventsQueued
from alerting.models import Channel, Delivery, DeliveryStatus, WebhookEndpoint, WebhookReplay
from alerting.services.webhooks._endpoints import locked_endpoint
from alerting.services.webhooks._queueing import listener_of, queue_records
from common import clock
from common.audit import record_audit
from common.bus import publish_on_commit
from trading.selectors.market_facts import RECORDS_MAX, seqs_before
from trading.selectors.tellable import journal_heads

SINCE_DAYS_MAX: Final = 30
ROUND_S: Final = 5.0
_ENDED: Final = (DeliveryStatus.DEAD, DeliveryStatus.EXPIRED)
#: A replay waits while so much of the endpoint does.
_WAITING_MAX: Final = WAITING_MAX // 20


def replay_failed(*, user_id: int, endpoint_id: int, since: datetime | None = None, ip: str = "") -> int:
    """How many messages that were given up, of all or since a moment, go again.

    Raises: WebhookNotFound, WebhookOff
    """
    with transaction.atomic():
        endpoint = _listening(user_id, endpoint_id)
        rows = Delivery.objects.filter(channel=endpoint.channel_id, status__in=_ENDED)
        count = _again(endpoint, rows if since is None else rows.filter(created_at__gte=since))
        _audit(endpoint, user_id, ip, {"failed": count})
        return count


def replay_since(*, user_id: int, endpoint_id: int, since: datetime, is_whole: bool = False, ip: str = "") -> int:
    """In how many markets events since a moment are looked for; the sweep queues those that were missed or given up,
    with ``is_whole`` also those that were delivered.

    Raises: WebhookNotFound, WebhookOff, WebhookInvalid
    """
    now = clock.now()
    if not now - timedelta(days=SINCE_DAYS_MAX) <= since <= now:
        raise WebhookInvalid(f"since is a moment of the last {SINCE_DAYS_MAX} days.", field="since")
    with transaction.atomic():
        endpoint = _listening(user_id, endpoint_id)
        heads = journal_heads()
        if endpoint.markets:
            heads = {market_id: seq for market_id, seq in heads.items() if market_id in set(endpoint.markets)}
        before = seqs_before(since, heads)
        rows = [
            WebhookReplay(endpoint=endpoint, market_id=market_id, seq=before[market_id], until=seq, since=since,
                          is_whole=is_whole, created_at=now)
            for market_id, seq in heads.items() if before[market_id] < seq
        ]  # fmt: skip
        endpoint.replays.all().delete()
        WebhookReplay.objects.bulk_create(rows, batch_size=1_000)
        notices = Delivery.objects.filter(
            channel=endpoint.channel_id, created_at__gte=since, key__startswith=f"w{endpoint.pk}-n-"
        )
        _again(endpoint, _wanted(notices, is_whole=is_whole))
        _audit(endpoint, user_id, ip, {"since": clock.rfc3339(since), "is_whole": is_whole})
    return len(rows)


def replay_one(*, user_id: int, endpoint_id: int, delivery_id: int, ip: str = "") -> None:
    """One message again, delivered or not, with the same id.

    Raises: WebhookNotFound, WebhookOff
    """
    with transaction.atomic():
        endpoint = _listening(user_id, endpoint_id)
        rows = Delivery.objects.filter(pk=delivery_id, channel=endpoint.channel_id)
        if not rows.exists():
            raise WebhookNotFound("There is no delivery of this webhook with this id.", field="id")
        _again(endpoint, rows)
        _audit(endpoint, user_id, ip, {"delivery": delivery_id})


def queue_replays() -> int:
    """The sweep: work off what was asked for, step by step. How many messages go."""
    count, until = 0, time.monotonic() + ROUND_S
    for replay_id in WebhookReplay.objects.order_by("pk").values_list("pk", flat=True)[:1_000]:
        while time.monotonic() < until and (step := _replay_step(replay_id)) is not None:
            count += step
    return count


@transaction.atomic
def _replay_step(replay_id: int) -> int | None:
    """None when it is done, has to wait, or another process is at it."""
    rows = WebhookReplay.objects.select_for_update(skip_locked=True, of=("self",)).select_related("endpoint")
    replay = rows.filter(pk=replay_id, endpoint__switched_off="").first()
    if replay is None or _is_full(replay.endpoint):
        return None
    upto = min(replay.until, replay.seq + RECORDS_MAX)
    listener = replace(listener_of(replay.endpoint), since=replay.since)
    keys = queue_records(replay.market_id, after=replay.seq, upto=upto, found=[listener])
    _again(replay.endpoint, _wanted(Delivery.objects.filter(key__in=keys), is_whole=replay.is_whole))
    if upto >= replay.until:
        replay.delete()
    else:
        WebhookReplay.objects.filter(pk=replay_id).update(seq=upto)
    return len(keys)


def _is_full(endpoint: WebhookEndpoint) -> bool:
    waiting = Delivery.objects.filter(channel=endpoint.channel_id, status=DeliveryStatus.WAITING)
    return len(waiting.values_list("pk", flat=True)[: _WAITING_MAX + 1]) > _WAITING_MAX


def _wanted(rows: QuerySet[Delivery], *, is_whole: bool) -> QuerySet[Delivery]:
    states: Sequence[str] = (*_ENDED, DeliveryStatus.DELIVERED) if is_whole else _ENDED
    return rows.filter(status__in=states)


def _again(endpoint: WebhookEndpoint, rows: QuerySet[Delivery]) -> int:
    """As if they had not been tried; a message that is on its way now is left alone."""
    count = rows.filter(is_leased=False).update(
        status=DeliveryStatus.WAITING, due_at=clock.now(), failed=0, ended_at=None, replays=F("replays") + 1
    )
    Channel.objects.filter(pk=endpoint.channel_id).update(rests_until=None)
    publish_on_commit(EventsQueued(endpoint.channel_id))
    return count


def _listening(user_id: int, endpoint_id: int) -> WebhookEndpoint:
    endpoint = locked_endpoint(user_id, endpoint_id)
    if endpoint.switched_off:
        raise WebhookOff("Switch the webhook on first: PATCH it with is_enabled true.")
    return endpoint


def _audit(endpoint: WebhookEndpoint, user_id: int, ip: str, after: dict[str, object]) -> None:
    record_audit(actor_id=user_id, action="webhook.replayed", target=endpoint, after=after, ip=ip)
