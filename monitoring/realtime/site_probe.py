"""Measures the site as a whole every ``SITE_EVERY_S`` and publishes it as the frame of process ``site``.

Contract   One daemon thread in the process of beat, of which a site has one. It never raises and never waits for more
           than the time limits of its statements. Frames are numbered by their second, so a second beat by mistake
           adds nothing.
Why        Beside the queue and not in it: how long tasks wait matters most when no worker takes them.
"""

import logging
import os
import platform
import threading
import time
from typing import Final

import orjson
import redis
from django.db import connection

from monitoring.realtime.publication import Publication
from monitoring.selectors.site_gauges import MEANINGS, site_gauges
from monitoring.types import SITE_EVERY_S, Frame, Role

BOOT: Final = "site"
STOP_S: Final = 3.0
_MEANT: Final = [
    (name, orjson.dumps({"type": "gauge", "help": text, "merge": "max"})) for name, text in MEANINGS.items()
]

logger = logging.getLogger(__name__)


class SiteProbe:
    def __init__(self, url: str) -> None:
        self._publication = Publication(url)
        self._started_at = time.time()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="site probe", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        self._thread.join(STOP_S)

    def probe(self) -> Frame:
        """Measure once and publish; what Redis doesn't take is lost, the next comes soon."""
        at = round(time.time())
        frame = Frame(
            process=Role.SITE.value,
            role=Role.SITE,
            host=platform.node() or "localhost",
            pid=os.getpid(),
            boot=BOOT,
            number=at,
            at=at,
            started_at=self._started_at,
            seconds=float(SITE_EVERY_S),
            gauges=site_gauges(time.time()),
            counters={},
            sketches={},
        )
        try:
            self._publication.publish(frame, {}, _MEANT)
        except redis.RedisError as away:
            logger.warning("Redis takes no measurements of the site: %s", away)
        return frame

    def _run(self) -> None:
        while not self._stopping.wait(SITE_EVERY_S - time.time() % SITE_EVERY_S):
            try:
                self.probe()
            except Exception:
                logger.exception("The site couldn't be measured.")
        connection.close()
        self._publication.close()
