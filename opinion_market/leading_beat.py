"""A scheduler of Celery that works only while it leads, so that a site may have two.

Contract   Of all schedulers of a site the one with the lease sends tasks; the others look for it each LOOK_S. It stops
           sending before its lease can have run out, by its own clock and from before it asked, even when it was paused
           or has lost the database.
Bound      One that ended is followed within LOOK_S, one that died within LEASE_S + LOOK_S.
Why        Every task may run twice; so a lease is for the load and the order of things, not for their truth.
"""

import logging
import secrets
import time
from typing import Any, Final

from celery.beat import PersistentScheduler
from django.db import DatabaseError, InterfaceError, close_old_connections

from common.jobs.claim import worker_name
from common.leases import give_back_lease, hold_lease

logger = logging.getLogger(__name__)
NAME: Final = "beat"
LEASE_S: Final = 10.0
RENEW_S: Final = 3.0
LOOK_S: Final = 1.0


class LeadingScheduler(PersistentScheduler):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._holder = f"{worker_name()}-{secrets.token_hex(4)}"
        self._leads_until = 0.0
        self._look_at = 0.0

    def tick(self, *args: Any, **kwargs: Any) -> float:
        """Send what is due, if it leads; answers how long nothing has to be done."""
        self._look()
        if time.monotonic() >= self._leads_until:
            return LOOK_S
        return float(min(super().tick(*args, **kwargs), LOOK_S))

    def close(self) -> None:
        super().close()
        try:
            give_back_lease(name=NAME, holder=self._holder)
        except (DatabaseError, InterfaceError) as error:
            logger.warning("the lease could not be given back: %s", error)

    def _look(self) -> None:
        asked_at = time.monotonic()
        if asked_at < self._look_at:
            return
        try:
            close_old_connections()
            is_held = hold_lease(name=NAME, holder=self._holder, seconds=LEASE_S)
        except (DatabaseError, InterfaceError) as error:
            # A leader goes on until its lease ends; whoever stands by can't have it either.
            logger.warning("who leads could not be asked: %s", error)
            self._look_at = asked_at + LOOK_S
            return
        if is_held and asked_at >= self._leads_until:
            logger.info("this scheduler leads now: %s", self._holder)
        self._leads_until = asked_at + LEASE_S if is_held else 0.0
        self._look_at = asked_at + (RENEW_S if is_held else LOOK_S)
