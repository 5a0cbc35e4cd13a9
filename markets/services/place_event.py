"""Put an event into a series, and take it out.

Contract   An event stands in one series at most. Whoever may change the series places events of which they made a
           market; operators place any. ``at`` follows the markets: when the last of them ends. Audited.
Why        Followers are told of markets as these open; of an event whose markets were open before it was placed they
           are told once, see ``take_untold_events``.
"""

from datetime import datetime
from typing import Any, Final

from django.db import IntegrityError, transaction
from django.db.models import Max, Q

from accounts.selectors.people import has_permission
from accounts.services.record_audit import record_audit
from common import clock
from common.caching.tags import invalidate_tags
from markets.errors import EventNotFound, EventTaken, SeriesNotYours
from markets.models import Market, Series, SeriesEvent
from markets.services.save_series import locked_series
from markets.types import MARKET_LISTS, MarketStatus, PlacedEvent

_OPEN_MAX: Final = 100
_NOT_COUNTED: Final = (MarketStatus.DRAFT.value, MarketStatus.VOID.value)


def place_event(*, slug: str, event: str, actor_id: int, ip: str = "", reason: str = "") -> None:
    """Put ``event`` into the series; in it already, nothing changes.

    Raises: SeriesNotFound, SeriesNotYours, EventNotFound, EventTaken
    """
    with transaction.atomic():
        series = locked_series(slug, actor_id)
        at = _end_of(event, actor_id)
        standing = SeriesEvent.objects.select_related("series").filter(name=event).first()
        if standing is None:
            standing = _placed(SeriesEvent(series=series, name=event, at=at, placed_at=clock.now()))
        elif standing.series_id == series.pk:
            return
        if standing.series_id != series.pk:
            raise EventTaken(f"It is in the series {standing.series.slug}. Take it out there first.", field="/event")
        _audit(series, "markets.place_event", actor_id=actor_id, after={"event": event}, ip=ip, reason=reason)


def take_event_out(*, slug: str, event: str, actor_id: int, ip: str = "", reason: str = "") -> None:
    """Take ``event`` out of the series; its markets stay as they are.

    Raises: SeriesNotFound, SeriesNotYours, EventNotFound
    """
    with transaction.atomic():
        series = locked_series(slug, actor_id)
        gone, _ = SeriesEvent.objects.filter(series=series, name=event).delete()
        if not gone:
            raise EventNotFound("The series has no such event.", field="/event")
        _audit(series, "markets.take_event_out", actor_id=actor_id, before={"event": event}, ip=ip, reason=reason)


def follow_markets_of_event(event: str) -> None:
    """Let the event's place follow its markets, one of which has just opened."""
    if event and SeriesEvent.objects.filter(name=event).exists():
        SeriesEvent.objects.filter(name=event).update(at=_last_end(event))


def take_untold_events(most: int) -> list[PlacedEvent]:
    """Events whose followers weren't told; they count as told once the caller's transaction is committed."""
    rows = SeriesEvent.objects.select_for_update(skip_locked=True, of=("self",)).select_related("series")
    found = list(rows.filter(told_at=None).order_by("id")[:most])
    for one in found:
        # Again, for a market that opened while the event was being placed; or its only draft has left it.
        one.at, one.told_at = _last_end(one.name) or one.at, clock.now()
        one.save(update_fields=["at", "told_at"])
    return [_told(one) for one in found]


def _audit(series: Series, action: str, **facts: Any) -> None:
    record_audit(action=action, target=series, **facts)
    invalidate_tags(MARKET_LISTS)


def _end_of(event: str, actor_id: int) -> datetime:
    markets = Market.objects.filter(event_group=event) if event else Market.objects.none()
    if not has_permission(actor_id, "markets.operate_market"):
        mine = markets.filter(creator_id=actor_id)
        if not mine.exists():
            if not markets.exclude(status=MarketStatus.DRAFT).exists():
                raise EventNotFound(f"No market has the event {event!r}.", field="/event")
            raise SeriesNotYours("You made no market of this event. Ask an operator to place it.", field="/event")
    elif not markets.exists():
        raise EventNotFound(f"No market has the event {event!r}.", field="/event")
    end = _last_end(event)
    if end is None:
        raise EventNotFound(f"No market has the event {event!r} any more.", field="/event")
    return end


def _last_end(event: str) -> datetime | None:
    """Of markets that count; before any does, of its drafts; nothing of no market."""
    ends = Market.objects.filter(event_group=event).aggregate(
        shown=Max("closes_at", filter=~Q(status__in=_NOT_COUNTED)), any=Max("closes_at")
    )
    found: datetime | None = ends["shown"] or ends["any"]
    return found


def _placed(row: SeriesEvent) -> SeriesEvent:
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as problem:
        # Somebody else was faster.
        standing = SeriesEvent.objects.select_related("series").filter(name=row.name).first()
        if standing is None:
            raise EventTaken(
                "Somebody moves it just now. Look where it is, and try again.", field="/event"
            ) from problem
        return standing
    return row


def _told(row: SeriesEvent) -> PlacedEvent:
    opened = Market.objects.filter(event_group=row.name, status=MarketStatus.OPEN)
    made = list(opened.order_by("-id").values_list("id", "creator_id")[:_OPEN_MAX])
    return PlacedEvent(
        id=row.pk,
        series_id=row.series_id,
        slug=row.series.slug,
        series=row.series.name,
        event=row.name,
        open_markets=tuple(number for number, _ in made),
        makers=tuple({maker for _, maker in made}),
    )
