"""Keep the demo's markets moving: simulated traders that trade through the public API until told to stop."""

import logging
import threading
import time
from collections.abc import Callable
from random import Random
from typing import Final

from django.db import InterfaceError, OperationalError, connection

from accounts.selectors.handles import user_ids
from demo.errors import KeyRefused, SiteAway
from demo.services._cast import BOTS
from demo.services._site import Site
from demo.services._traders import Traders
from demo.services.renew_keys import renew_keys
from demo.services.top_up import top_up

logger = logging.getLogger(__name__)
_TOP_UP_S: Final = 30.0
_WAIT_MAX_S: Final = 15.0

Stop = threading.Event


def run_traders(*, url: str, rate: float, stop: Stop, random: Random | None = None) -> None:
    """Trade at about ``rate`` orders a second, waiting out restarts of the site and the database, until ``stop``."""
    site = Site(url)
    try:
        _with_database(stop, lambda: _trade(site, rate, stop, random or Random()))
    finally:
        site.close()


def _with_database(stop: Stop, work: Callable[[], None]) -> None:
    while not stop.is_set():
        try:
            work()
        except (OperationalError, InterfaceError) as error:
            logger.warning("The database is away: %s", error)
            connection.close()
            stop.wait(_WAIT_MAX_S / 3)


def _trade(site: Site, rate: float, stop: Stop, random: Random) -> None:
    """Until ``stop``; raises what the database raises, and begins anew with new keys after that."""
    traders = Traders(site, renew_keys(), random)
    if not traders.keys:
        logger.warning("There are no simulated traders; run seed_demo first.")
        stop.wait(_WAIT_MAX_S)
        return
    topped_up_at, failures = 0.0, 0
    while not stop.is_set():
        began = time.monotonic()
        if began - topped_up_at > _TOP_UP_S:
            _top_up_all()
            topped_up_at = began
        try:
            sent = traders.step()
            failures = 0
        except SiteAway as away:
            failures += 1
            stop.wait(min(_WAIT_MAX_S, away.seconds * failures))
            continue
        except KeyRefused:
            stop.wait(_WAIT_MAX_S / 3)
            return
        # Looking at a market and leaving it alone counts as well, or a calm market would be asked in a rush.
        stop.wait(max(0.0, max(sent, 0.5) / rate - (time.monotonic() - began)))


def _top_up_all() -> None:
    for user_id in user_ids(bot.handle for bot in BOTS).values():
        top_up(user_id=user_id)
