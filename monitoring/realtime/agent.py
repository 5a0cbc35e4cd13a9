"""Publishes what this process counts, once a second.

Contract   One daemon thread a process, beside its work: it never waits for the process nor the process for it. A frame
           that Redis didn't take is sent again until it does, unchanged; what is counted meanwhile goes with the next,
           so that nothing is lost while the process lives, and one interval when it is killed. ``stop`` publishes the
           rest. A fork leaves the agent to its parent; the child starts one of its own.
Clocks     A frame bears the wall clock's second and covers a monotonic span, so a clock that jumps moves frames but
           falsifies no rate.
"""

import atexit
import logging
import os
import platform
import secrets
import threading
import time
from pathlib import Path
from typing import Final

import redis
from django.conf import settings

from common.caching.recent import measure_recent
from common.metrics.collector import Collector
from common.metrics.foreign import bridge
from common.metrics.registry import Registry, registry
from common.metrics.totals import total_rows
from monitoring.realtime.meters import GarbageMeter, MachineMeter, ProcessMeter
from monitoring.realtime.publication import Publication, meanings
from monitoring.realtime.site_probe import SiteProbe
from monitoring.types import Frame, Role

#: A first frame after less than this would say little; it goes with the next.
SHORTEST_S: Final = 0.5
#: How often the meanings of the names are told again, for a Redis that lost them.
MEANINGS_EVERY: Final = 30
STOP_S: Final = 2.0
COMPLAIN_EVERY_S: Final = 60.0

logger = logging.getLogger(__name__)
_running: list["Agent"] = []
_probes: list[SiteProbe] = []


def start_agent(role: str) -> None:
    """Start the agent of this process, unless it runs; it ends with the process. That of beat measures the site too."""
    if not _running:
        bridge()
        agent = Agent(Role(role), url=settings.REDIS_URL, data_dir=settings.DATA_DIR)
        _running.append(agent)
        agent.start()
        if agent.role is Role.BEAT:
            _probes.append(SiteProbe(settings.REDIS_URL))
            _probes[0].start()
        atexit.register(stop_agent)


def stop_agent() -> None:
    """Publish what is left and end the agent of this process; harmless without one."""
    while _probes:
        _probes.pop().stop()
    while _running:
        _running.pop().stop()


def _leave_to_parent() -> None:
    _probes.clear()
    while _running:
        _running.pop().abandon()


os.register_at_fork(after_in_child=_leave_to_parent)


class Agent:
    def __init__(self, role: Role, *, url: str, data_dir: Path, counted: Registry = registry) -> None:
        self.role = role
        self.host, self.pid = platform.node() or "localhost", os.getpid()
        self.process = f"{role}-{self.host}-{self.pid}"
        self.boot = secrets.token_hex(8)
        self.number = 0
        self._at = 0
        self._started_at = time.time()
        self._registry = counted
        self._collector = Collector(counted)
        self._publication = Publication(url)
        self._pending: tuple[Frame, dict[str, float]] | None = None
        self._garbage = GarbageMeter()
        self._measures = (
            ProcessMeter().measure,
            MachineMeter(data_dir).measure,
            self._garbage.measure,
            measure_recent,
        )
        self._framed_at = time.monotonic()
        self._complained_at = float("-inf")
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="metrics", daemon=True)

    def start(self) -> None:
        self._garbage.listen()
        self._thread.start()

    def stop(self) -> None:
        """Publish the rest and end the thread, within ``STOP_S`` when Redis is slow."""
        self._stopping.set()
        self._thread.join(STOP_S)
        self._garbage.forget()

    def abandon(self) -> None:
        """In the child of a fork: the thread and its connection are the parent's."""
        self._garbage.forget()

    def beat(self, *, shortest_s: float = SHORTEST_S) -> None:
        """Publish what waits and what is new. Never raises, so that one measurement's mistake ends no other."""
        try:
            if self._pending is not None:
                self._deliver()
            if self._pending is None and time.monotonic() - self._framed_at >= shortest_s:
                self._pending = self._framed()
                self._deliver()
        except redis.RedisError as away:
            self._complain("Redis takes no measurements: %s", away)
        except Exception as mistake:
            self._complain("A measurement failed: %r", mistake)

    def _run(self) -> None:
        while not self._stopping.wait(1.0 - time.time() % 1.0):
            self.beat()
        self.beat(shortest_s=0.0)
        self._leave()

    def _framed(self) -> tuple[Frame, dict[str, float]]:
        for measure in self._measures:
            measure()
        self._registry.measure()
        now = time.monotonic()
        collected = self._collector.collect()
        self.number += 1
        frame = Frame(
            process=self.process,
            role=self.role,
            host=self.host,
            pid=self.pid,
            boot=self.boot,
            number=self.number,
            at=self._second(),
            started_at=self._started_at,
            seconds=max(round(now - self._framed_at, 3), 0.001),
            gauges=collected.gauges,
            counters=collected.counters,
            sketches={text: sketch.document() for text, sketch in collected.sketches.items()},
        )
        self._framed_at = now
        return frame, total_rows(collected.counters, collected.sketches)

    def _second(self) -> int:
        """The one that ends now; never that of the frame before."""
        at = round(time.time())
        self._at = self._at + 1 if at in (self._at - 1, self._at) else at
        return self._at

    def _deliver(self) -> None:
        assert self._pending is not None
        frame, totals = self._pending
        told = meanings(list(self._registry.metrics.values())) if frame.number % MEANINGS_EVERY == 1 else []
        self._publication.publish(frame, totals, told)
        self._pending = None

    def _leave(self) -> None:
        try:
            self._publication.leave(self.process)
        except redis.RedisError:
            # Its gauges are forgotten a few seconds later all the same.
            return
        finally:
            self._publication.close()

    def _complain(self, text: str, reason: Exception) -> None:
        if time.monotonic() - self._complained_at > COMPLAIN_EVERY_S:
            self._complained_at = time.monotonic()
            logger.warning(text, reason, exc_info=None if isinstance(reason, redis.RedisError) else reason)
