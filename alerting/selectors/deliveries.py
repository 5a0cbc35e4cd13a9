"""What was sent, what waits and what was given up."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Min, Q, QuerySet

from alerting.models import ENDPOINT_SOURCE, Delivery, DeliveryAttempt, DeliveryStatus
from common import clock


@dataclass(frozen=True, slots=True)
class AttemptRow:
    number: int
    at: datetime
    took_ms: int | None
    is_success: bool | None
    detail: str


@dataclass(frozen=True, slots=True)
class DeliveryRow:
    """``attempts`` are only there where a single message was asked for."""

    id: int
    key: str
    channel: str
    kind: str
    source: str
    title: str
    reason: str
    status: str
    created_at: datetime
    first_tried_at: datetime | None
    due_at: datetime
    ended_at: datetime | None
    tries: int
    problem: str
    attempts: tuple[AttemptRow, ...] = ()


@dataclass(frozen=True, slots=True)
class OutboxState:
    """``oldest_s`` is how long the message has been due that is due for longest."""

    waiting: int
    dead: int
    oldest_s: float


def deliveries(ids: Iterable[int]) -> list[DeliveryRow]:
    """With their attempts, in the order of their ids."""
    rows = Delivery.objects.filter(pk__in=list(ids)).select_related("channel").prefetch_related("tries").order_by("pk")
    return [_row(row, [_attempt(one) for one in sorted(row.tries.all(), key=lambda one: one.number)]) for row in rows]


def recent_deliveries(*, limit: int = 100, channel_id: int | None = None) -> list[DeliveryRow]:
    """The newest first."""
    rows = _of_the_site().select_related("channel").order_by("-pk")
    if channel_id is not None:
        rows = rows.filter(channel=channel_id).order_by("-created_at")
    return [_row(row, []) for row in rows[:limit]]


def dead_letters(*, limit: int = 100) -> list[DeliveryRow]:
    """Those that were given up or came too late, the newest first."""
    dead = _of_the_site().filter(status__in=[DeliveryStatus.DEAD, DeliveryStatus.EXPIRED])
    return [_row(row, []) for row in dead.select_related("channel").order_by("-ended_at")[:limit]]


def outbox_state() -> OutboxState:
    now = clock.now()
    is_waiting = Q(status=DeliveryStatus.WAITING)
    is_lost = Q(status__in=[DeliveryStatus.DEAD, DeliveryStatus.EXPIRED], ended_at__gte=now - timedelta(days=1))
    found = (
        _of_the_site()
        .filter(is_waiting | is_lost)
        .aggregate(
            waiting=Count("pk", filter=is_waiting),
            dead=Count("pk", filter=is_lost),
            oldest=Min("due_at", filter=is_waiting & Q(is_leased=False)),
        )
    )
    oldest = found["oldest"]
    return OutboxState(found["waiting"], found["dead"], max((now - oldest).total_seconds(), 0.0) if oldest else 0.0)


def _of_the_site() -> QuerySet[Delivery]:
    """What integrators' endpoints make of their messages is their owners' matter."""
    return Delivery.objects.exclude(source=ENDPOINT_SOURCE)


def _row(row: Delivery, attempts: list[AttemptRow]) -> DeliveryRow:
    return DeliveryRow(
        row.pk,
        row.key,
        row.channel.name,
        row.channel.kind,
        row.source,
        str(row.content.get("title", "")),
        row.reason,
        row.status,
        row.created_at,
        row.first_tried_at,
        row.due_at,
        row.ended_at,
        row.attempts,
        row.problem,
        tuple(attempts),
    )


def _attempt(one: DeliveryAttempt) -> AttemptRow:
    return AttemptRow(one.number, one.at, one.took_ms, one.is_success, one.detail)
