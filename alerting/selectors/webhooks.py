"""The endpoints of a person, and what became of the messages to them. Secrets are never among it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery

from alerting.errors import WebhookNotFound
from alerting.models import Delivery, DeliveryAttempt, WebhookEndpoint
from common import clock
from common.paging import LIMIT_DEFAULT, Page, cut, decode_cursor

_KIND: Final = "webhook-deliveries"
_NEWEST: Final = 2**63 - 1


@dataclass(frozen=True, slots=True)
class EndpointRow:
    """``host`` is where it leads; the path may be a secret and isn't shown.

    ``waiting`` and ``dead`` are messages; ``replaying`` markets whose replay goes on.
    """

    id: int
    channel_id: int
    description: str
    host: str
    events: tuple[str, ...]
    markets: tuple[int, ...]
    switched_off: str
    switched_off_at: datetime | None
    failing_since: datetime | None
    problem: str
    rotating_until: datetime | None
    waiting: int
    dead: int
    replaying: int
    last_delivered_at: datetime | None
    created_at: datetime
    updated_at: datetime

    @property
    def is_enabled(self) -> bool:
        return not self.switched_off


@dataclass(frozen=True, slots=True)
class TryRow:
    """One attempt; without a result a worker is at it, or died doing so."""

    number: int
    at: datetime
    took_ms: int | None
    is_success: bool | None
    code: int | None
    detail: str
    excerpt: str


@dataclass(frozen=True, slots=True)
class EventDelivery:
    """``tries`` are only there where a single message was asked for, and so is its ``body``; ``last`` is the newest."""

    id: int
    key: str
    event: str
    status: str
    created_at: datetime
    due_at: datetime | None
    ended_at: datetime | None
    attempts: int
    replays: int
    problem: str
    last: TryRow | None
    tries: tuple[TryRow, ...] = ()
    body: str = ""


def endpoints_of(user_id: int) -> list[EndpointRow]:
    """In the order they were made."""
    return [_row(endpoint) for endpoint in _rows(user_id).order_by("pk")]


def endpoint_of(user_id: int, endpoint_id: int) -> EndpointRow:
    """Raises: WebhookNotFound"""
    endpoint = _rows(user_id).filter(pk=endpoint_id).first()
    if endpoint is None:
        raise WebhookNotFound("There is no webhook of yours with this id.", field="id")
    return _row(endpoint)


def event_deliveries(
    channel_id: int, *, status: str = "", event: str = "", limit: int = LIMIT_DEFAULT, cursor: str = ""
) -> Page[EventDelivery]:
    """A page of what was sent to an endpoint or waits for it, the newest first.

    Raises: CursorInvalid
    """
    rows = Delivery.objects.filter(channel=channel_id)
    if status:
        rows = rows.filter(status=status)
    if event:
        rows = rows.filter(reason=event)
    if cursor:
        at, before = decode_cursor(_KIND, cursor, (str, int))
        moment = datetime.fromisoformat(str(at))
        rows = rows.filter(Q(created_at__lt=moment) | Q(created_at=moment, pk__lt=before), created_at__lte=moment)
    found = list(rows.order_by("-created_at", "-pk")[: limit + 1])
    newest = _newest_tries(found)
    items = [_delivery(row, newest.get(row.pk)) for row in found]
    return cut(items, limit=limit, kind=_KIND, keys=lambda row: (row.created_at.isoformat(), row.id))


def event_delivery(channel_id: int, delivery_id: int) -> EventDelivery:
    """With every attempt and what is sent.

    Raises: WebhookNotFound
    """
    row = Delivery.objects.filter(channel=channel_id, pk=delivery_id).first()
    if row is None:
        raise WebhookNotFound("There is no delivery of this webhook with this id.", field="id")
    tries = tuple(_try(one) for one in row.tries.order_by("number"))
    return _delivery(row, tries[-1] if tries else None, tries, str(row.content.get("payload", "")))


def _rows(user_id: int) -> QuerySet[WebhookEndpoint]:
    told = Delivery.objects.filter(channel=OuterRef("channel_id"), status="delivered").order_by("-ended_at")
    return (
        WebhookEndpoint.objects.filter(user=user_id)
        .select_related("channel")
        .annotate(
            waiting=Subquery(_counted("waiting")),
            dead=Subquery(_counted("dead")),
            replaying=Count("replays"),
            last_delivered_at=Subquery(told.values("ended_at")[:1]),
        )
    )


def _counted(status: str) -> QuerySet[Any]:
    rows = Delivery.objects.filter(channel=OuterRef("channel_id"), status=status).order_by()
    return rows.values("channel").annotate(count=Count("pk")).values("count")


def _newest_tries(rows: list[Delivery]) -> dict[int, TryRow]:
    tries = DeliveryAttempt.objects.filter(delivery__in=[row.pk for row in rows])
    newest = tries.order_by("delivery", "-number").distinct("delivery")
    return {one.delivery_id: _try(one) for one in newest}


def _row(endpoint: Any) -> EndpointRow:
    channel = endpoint.channel
    return EndpointRow(
        endpoint.pk,
        channel.pk,
        endpoint.description,
        str(channel.shown.get("url", "")).partition("://")[2].partition("/")[0],
        tuple(endpoint.events),
        tuple(endpoint.markets),
        endpoint.switched_off,
        endpoint.switched_off_at,
        channel.failing_since,
        channel.problem,
        endpoint.rotating_until if endpoint.rotating_until and endpoint.rotating_until > clock.now() else None,
        endpoint.waiting or 0,
        endpoint.dead or 0,
        endpoint.replaying,
        endpoint.last_delivered_at,
        endpoint.created_at,
        endpoint.updated_at,
    )


def _delivery(row: Delivery, last: TryRow | None, tries: tuple[TryRow, ...] = (), body: str = "") -> EventDelivery:
    return EventDelivery(
        row.pk,
        row.key,
        row.reason,
        row.status,
        row.created_at,
        row.due_at if row.status == "waiting" else None,
        row.ended_at,
        row.attempts,
        row.replays,
        row.problem,
        last,
        tries,
        body,
    )


def _try(one: DeliveryAttempt) -> TryRow:
    return TryRow(one.number, one.at, one.took_ms, one.is_success, one.code, one.detail, one.excerpt)
