"""Tell followers of a series of an event that was put into it while its markets were open already.

Contract   The event is marked as told in the transaction that tells, so that it is told once whatever fails. Markets
           that open later are told of one by one, see ``tell_traders``.
Bound      ``EVENTS_MAX`` events a look; the next look takes the rest.
"""

from typing import Final

from django.db import transaction

from alerting.engine.words import Words
from alerting.models import NoticeKind, Notification, SubjectKind
from alerting.selectors.subscriptions import subscribers
from alerting.services._telling import tell
from markets.services.place_event import take_untold_events
from markets.types import PlacedEvent

EVENTS_MAX: Final = 50


def tell_of_series() -> int:
    """How many events were looked at."""
    with transaction.atomic():
        found = take_untold_events(EVENTS_MAX)
        for placed in found:
            if placed.open_markets:
                _tell(placed)
    return len(found)


def _tell(placed: PlacedEvent) -> None:
    keys = [f"new_market:{market_id}" for market_id in placed.open_markets]
    readers = set(subscribers(SubjectKind.SERIES, [placed.series_id]))
    # Who made one of its markets, or was told of it as it opened, knows enough.
    told = Notification.objects.filter(user__in=readers, key__in=keys).values_list("user_id", flat=True)
    readers -= {*placed.makers, *told}
    words = Words("series.opened", {"event": placed.event})
    key = f"series_event:{placed.id}"
    path = f"/series/{placed.slug}"
    tell(sorted(readers), kind=NoticeKind.NEW_MARKET, key=key, title=placed.series, text=words, path=path)
