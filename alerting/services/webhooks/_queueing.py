"""Events into the outbox, one message for each endpoint that wants them.

Contract   In the transaction of what they are about. The key of a message is made of its endpoint and of what happened,
           so the same event again is the same message, and nothing is queued twice.
Publishes  EventsQueued for each endpoint
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson

from alerting.engine.channels.content import MessageContent, document_of
from alerting.events import EventsQueued
from alerting.models import ENDPOINT_SOURCE, Delivery, WebhookEndpoint
from common import clock
from common.bus import publish_on_commit
from trading.selectors.market_facts import MarketFact, market_facts


@dataclass(frozen=True, slots=True)
class Listener:
    """An endpoint that gets events; no ``markets`` are all of them."""

    id: int
    channel_id: int
    user_id: int
    events: frozenset[str]
    markets: frozenset[int]
    since: datetime

    def wants(self, fact: MarketFact, market_id: int) -> bool:
        if fact.kind not in self.events or fact.at < self.since or not self.wants_market(market_id):
            return False
        return fact.user_id is None or fact.user_id == self.user_id

    def wants_market(self, market_id: int) -> bool:
        return not self.markets or market_id in self.markets


@dataclass(frozen=True, slots=True)
class Event:
    """``mark`` tells it from all other events of the endpoint."""

    listener: Listener
    mark: str
    type: str
    at: datetime
    data: Mapping[str, Any]

    @property
    def key(self) -> str:
        return f"w{self.listener.id}-{self.mark}"


def listener_of(endpoint: WebhookEndpoint) -> Listener:
    return Listener(
        endpoint.pk,
        endpoint.channel_id,
        endpoint.user_id,
        frozenset(endpoint.events),
        frozenset(endpoint.markets),
        endpoint.since,
    )


def listeners() -> list[Listener]:
    return [listener_of(endpoint) for endpoint in WebhookEndpoint.objects.filter(switched_off="").order_by("pk")]


def queue_records(market_id: int, *, after: int, upto: int, found: Sequence[Listener]) -> list[str]:
    """In the caller's transaction: the records of a market after one number up to another, for those who want them.

    The keys of the messages, also of those that were queued before.
    """
    mine = [listener for listener in found if listener.wants_market(market_id)]
    kinds = frozenset().union(*(listener.events for listener in mine))
    if not kinds:
        return []
    owners = {listener.user_id for listener in mine}
    facts = market_facts(market_id, after=after, upto=upto, owners=owners, kinds=kinds)
    return queue(event for listener in mine for event in events_of(listener, market_id, facts))


def events_of(listener: Listener, market_id: int, facts: Iterable[MarketFact]) -> list[Event]:
    """Those of a market's facts that the endpoint wants."""
    return [
        Event(listener, f"{market_id}-{fact.seq}{fact.mark and '-'}{fact.mark}", fact.kind, fact.at, fact.data)
        for fact in facts
        if listener.wants(fact, market_id)
    ]


def queue(events: Iterable[Event]) -> list[str]:
    """The keys, also of those that were queued before."""
    rows = [_row(event) for event in events]
    if rows:
        Delivery.objects.bulk_create(rows, ignore_conflicts=True, batch_size=500)
    for channel_id in dict.fromkeys(row.channel_id for row in rows):
        publish_on_commit(EventsQueued(channel_id))
    return [row.key for row in rows]


def _row(event: Event) -> Delivery:
    now = clock.now()
    body = {"type": event.type, "timestamp": clock.rfc3339(event.at), "data": event.data}
    return Delivery(
        key=event.key,
        channel_id=event.listener.channel_id,
        user_id=event.listener.user_id,
        source=ENDPOINT_SOURCE,
        content=document_of(MessageContent(event.type, type=event.type, payload=orjson.dumps(body).decode())),
        reason=event.type,
        created_at=now,
        due_at=now,
    )
