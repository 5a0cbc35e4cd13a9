"""Take the next message of a channel, for a while.

Contract   One worker has a message: rows are locked while they are taken, and locked ones are skipped. Taking ends with
           the commit; from then on ``due_at`` is the end of the lease, and ``attempts`` the token that the result is
           written under. A worker that dies leaves a message that is due again, with the same key and, where several
           went as one, with the same companions. Messages of one thread keep their order.
Bound      ``PARALLEL`` messages of a channel at once, so that a slow one doesn't hold all workers; more of an
           integrator's endpoint that takes them, one of an endpoint that fails.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from alerting.engine.channels.throttle import Limit, limits_of, longest_span_s, next_allowed_at
from alerting.models import Channel, ChannelKind, Delivery, DeliveryAttempt, DeliveryStatus
from alerting.services._ending import end
from common import clock

PARALLEL: Final = 2
#: Where few may go, how many have gone must be known first.
PARALLEL_LIMITED: Final = 1
BUNDLE_MAX: Final = 50
#: More leases than this mean that the message kills its workers.
LEASES_MAX: Final = 60
PARALLEL_ENDPOINT: Final = 4
PARALLEL_FAILING: Final = 1
_SPARE_S: Final = 15.0
#: An endpoint has one receiver, and a request ends with its timeout: what a dead worker holds comes back sooner.
_SPARE_ENDPOINT_S: Final = 5.0
_LOOKS_MAX: Final = 100


@dataclass(frozen=True, slots=True)
class Leased:
    """``rows`` go as one message under the key of the first."""

    channel: Channel
    rows: tuple[Delivery, ...]

    @property
    def first(self) -> Delivery:
        return self.rows[0]


def lease_next(channel_id: int) -> Leased | None:
    """None when nothing may go now."""
    for _ in range(_LOOKS_MAX):
        with transaction.atomic():
            channel = Channel.objects.select_for_update(no_key=True).filter(pk=channel_id, is_enabled=True).first()
            now = clock.now()
            if channel is None or _is_busy(channel, now):
                return None
            first = _due(channel_id, now).first()
            if first is None:
                return None
            if (leased := _taken(channel, first, now)) is not None:
                return leased
    return None


def due_channels() -> list[int]:
    """Channels of the site that have something to do."""
    return _due_channels(~Q(kind=ChannelKind.ENDPOINT))


def due_endpoints() -> list[int]:
    """Channels of integrators' endpoints that have something to do, those that have not failed first."""
    return _due_channels(Q(kind=ChannelKind.ENDPOINT))


def _due_channels(which: Q) -> list[int]:
    now = clock.now()
    due = Delivery.objects.filter(channel=OuterRef("pk"), status=DeliveryStatus.WAITING, due_at__lte=now)
    rested = Q(rests_until=None) | Q(rests_until__lte=now)
    found = Channel.objects.filter(which, rested, Exists(due), is_enabled=True)
    return list(found.order_by("failures", "pk").values_list("pk", flat=True))


def _is_busy(channel: Channel, now: datetime) -> bool:
    if channel.rests_until is not None and channel.rests_until > now:
        return True
    flying = Delivery.objects.filter(channel=channel, status=DeliveryStatus.WAITING, due_at__gt=now, is_leased=True)
    return flying.filter(Q(bundle="") | Q(bundle=F("key"))).count() >= _parallel(channel)


def _parallel(channel: Channel) -> int:
    if channel.kind == ChannelKind.ENDPOINT:
        return PARALLEL_FAILING if channel.failures else PARALLEL_ENDPOINT
    return PARALLEL_LIMITED if limits_of(channel.kind, channel.shown) else PARALLEL


def _lease_s(channel: Channel) -> float:
    if channel.kind == ChannelKind.ENDPOINT:
        return channel.timeout_s + _SPARE_ENDPOINT_S
    recipients = len(channel.shown.get("recipients") or [0])
    return channel.timeout_s * recipients * 2 + _SPARE_S


def _due(channel_id: int, now: datetime) -> QuerySet[Delivery]:
    waiting = Delivery.objects.filter(channel=channel_id, status=DeliveryStatus.WAITING)
    same = Delivery.objects.filter(
        channel=channel_id,
        recipient=OuterRef("recipient"),
        thread=OuterRef("thread"),
        status=DeliveryStatus.WAITING,
        id__lt=OuterRef("id"),
    )
    in_order = Q(thread="") | ~Exists(same)
    leading = Q(bundle="") | Q(bundle=F("key"))
    return (
        waiting.filter(in_order, leading, due_at__lte=now).select_for_update(skip_locked=True).order_by("due_at", "id")
    )


def _taken(channel: Channel, first: Delivery, now: datetime) -> Leased | None:
    if first.deadline_at is not None and first.deadline_at <= now:
        end([first], DeliveryStatus.EXPIRED, first.problem or "Nothing could be sent in time.")
        return None
    if first.attempts >= LEASES_MAX * (1 + first.replays):
        end([first], DeliveryStatus.DEAD, "Its workers were lost again and again.")
        return None
    limits = limits_of(channel.kind, channel.shown)
    if limits and (at := _allowed_at(limits, first, now)) > now:
        waiting = _of_receiver(first).filter(status=DeliveryStatus.WAITING)
        waiting.filter(due_at__lte=now).update(due_at=at)
        return None
    rows = (first, *_companions(channel, first, now, is_bundling=bool(limits)))
    _mark(channel, rows, now)
    return Leased(channel, rows)


def _of_receiver(first: Delivery) -> QuerySet[Delivery]:
    """All for one address, or one person of the site."""
    mine = Delivery.objects.filter(channel=first.channel_id, recipient=first.recipient)
    return mine if first.recipient else mine.filter(user=first.user_id)


def _allowed_at(limits: Sequence[Limit], first: Delivery, now: datetime) -> datetime:
    since = now - timedelta(seconds=longest_span_s(limits))
    told = _of_receiver(first).filter(status=DeliveryStatus.DELIVERED)
    told = told.filter(Q(bundle="") | Q(bundle=F("key")), ended_at__gte=since).order_by("-ended_at")
    newest = told.values_list("ended_at", flat=True)[: max(limit.number for limit in limits)]
    sent = [moment.timestamp() for moment in newest if moment is not None]
    return now + timedelta(seconds=next_allowed_at(limits, sent, now.timestamp()) - now.timestamp())


def _companions(channel: Channel, first: Delivery, now: datetime, *, is_bundling: bool) -> list[Delivery]:
    others = Delivery.objects.filter(channel=channel, status=DeliveryStatus.WAITING).exclude(pk=first.pk)
    if first.bundle:
        return list(others.filter(bundle=first.key).order_by("id"))
    if not is_bundling:
        return []
    due = _of_receiver(first).filter(status=DeliveryStatus.WAITING, bundle="", due_at__lte=now).exclude(pk=first.pk)
    due = due.order_by("id")
    found = list(due.select_for_update(skip_locked=True)[:BUNDLE_MAX])
    if found:
        Delivery.objects.filter(pk__in=[first.pk, *(row.pk for row in found)]).update(bundle=first.key)
    return found


def _mark(channel: Channel, rows: Sequence[Delivery], now: datetime) -> None:
    if rows[0].is_leased:
        lost = DeliveryAttempt.objects.filter(delivery=rows[0], is_success=None, detail="")
        lost.update(detail="The worker was lost; the receiver may have it or not.")
    until = now + timedelta(seconds=_lease_s(channel))
    mine = Delivery.objects.filter(pk__in=[row.pk for row in rows])
    mine.update(due_at=until, is_leased=True, attempts=F("attempts") + 1)
    mine.filter(first_tried_at=None).update(first_tried_at=now)
    for row in rows:
        row.attempts += 1
    DeliveryAttempt.objects.create(delivery=rows[0], number=rows[0].attempts, at=now)
