"""A promise to call again: whoever breaks it has all open orders cancelled.

Contract   ``beat`` starts it and renews it, ``stop_heartbeat`` ends it. It is the trader's, not a key's: orders don't
           know which key placed them. A beat that comes after the silence was acted upon starts anew.
Bound      Orders are gone within the timeout, a second until the next sweep, and the time that cancelling takes.
Why        A column with the time when it is due and a sweep each second, so that no process has to remember anything
           and a restart loses nothing. Sweeps share the work by SKIP LOCKED; one that dies leaves it to the next.
"""

import logging
from datetime import timedelta
from typing import Final

from django.db import DatabaseError, transaction

from common import clock
from common.errors import DomainError
from trading.models import Heartbeat
from trading.selectors.orders import markets_with_open_orders
from trading.services.cancel_all import cancel_all

logger = logging.getLogger(__name__)
#: How long a sweep that took a trader has for their orders, before another one takes over.
_LEASE: Final = timedelta(seconds=5)
TIMEOUT_MIN_S: Final = 1
TIMEOUT_MAX_S: Final = 60


def beat(*, user_id: int, timeout_s: int) -> Heartbeat:
    """Start or renew: without another beat within ``timeout_s`` the trader's open orders go."""
    now = clock.now()
    terms = {"timeout_s": timeout_s, "beat_at": now, "due_at": now + timedelta(seconds=timeout_s)}
    return Heartbeat.objects.update_or_create(user_id=user_id, defaults=terms)[0]


def stop_heartbeat(*, user_id: int) -> None:
    """End it; orders stay. Nothing happens if none is on."""
    Heartbeat.objects.filter(user_id=user_id).update(due_at=None)


def sweep_silence() -> int:
    """Cancel the orders of everybody whose heartbeat is overdue; how many traders that were."""
    silent = 0
    while (heartbeat := _claim()) is not None:
        _cancel_orders(heartbeat)
        silent += 1
    return silent


def _claim() -> Heartbeat | None:
    """Take one that is due, so that no other sweep does; the transaction is short, since orders have their own."""
    now = clock.now()
    with transaction.atomic():
        due = Heartbeat.objects.select_for_update(skip_locked=True, no_key=True).filter(due_at__lte=now)
        heartbeat = due.order_by("due_at").first()
        if heartbeat is not None:
            heartbeat.due_at = now + _LEASE
            heartbeat.save(update_fields=["due_at"])
    return heartbeat


def _cancel_orders(heartbeat: Heartbeat) -> None:
    user_id, cancelled, is_done = heartbeat.user_id, 0, True
    for market_id in markets_with_open_orders(user_id):
        try:
            cancelled += cancel_all(market_id, user_id=user_id)
        except (DomainError, DatabaseError) as error:
            # The other markets have their turn; this one again with the next sweep.
            logger.warning("orders of a silent trader stay on market %s for now: %s", market_id, error)
            is_done = False
    now = clock.now()
    own = Heartbeat.objects.filter(pk=user_id)
    own.update(silent_at=now, cancelled=cancelled)
    # A beat that came meanwhile has started anew and stays.
    own.filter(due_at=heartbeat.due_at).update(due_at=None if is_done else now + timedelta(seconds=1))
