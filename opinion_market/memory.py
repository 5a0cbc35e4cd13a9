"""Processes that outgrow ``MEMORY_THRESHOLD_MB`` make room for new ones, without losing a request or a task.

Worker     Celery's pool asks after each task how much memory its child holds, and replaces a child that is above the
           threshold once the task is acknowledged. Out of the box it asks for the peak, which no collecting lowers;
           so a child answers with what it holds after collecting.
Web        Granian replaces a process that stays above the threshold (see ``supervisor.web_command``); before that
           the process has tried to get by. Daphne can't, so the process ends itself and the supervisor starts it.
"""

import logging
import math
import os
import signal
import threading
from typing import Any, Final

from billiard import pool
from celery.signals import worker_init, worker_process_init, worker_process_shutdown
from django.conf import settings

from common.buffered import close_buffers
from common.memory_monitor import MemoryMonitor, resident_bytes
from common.metrics.registry import registry
from common.tuning.reading import tuned
from opinion_market.garbage import calm_collector

logger = logging.getLogger(__name__)
RECYCLES: Final = registry.counter(
    "memory_recycles_total", "Processes that were replaced because of their memory.", ["role"]
)
LOOK_EVERY_S: Final = 5.0
_MIB: Final = 1_024 * 1_024
_watches: list[threading.Event] = []


def watch_web_memory() -> None:
    """Call once in each web process."""
    if settings.MEMORY_THRESHOLD_MB and not _watches:
        recycle = _end_politely if settings.ENV.server == "daphne" else None
        monitor = MemoryMonitor(settings.MEMORY_THRESHOLD_MB * _MIB)
        _watches.append(monitor.watch(every_s=LOOK_EVERY_S, recycle=recycle))


def stop_watching_memory() -> None:
    while _watches:
        _watches.pop().set()


@worker_init.connect
def _collect_calmly(**kwargs: Any) -> None:
    # A round of alerts makes a hundred thousand small tuples; children of a pool inherit it.
    calm_collector()


@worker_process_init.connect
def _watch_child(**kwargs: Any) -> None:
    if not settings.MEMORY_THRESHOLD_MB:
        return
    # A child that is still above the threshold leaves, so it won't collect after every task.
    monitor = MemoryMonitor(settings.MEMORY_THRESHOLD_MB * _MIB, rest_s=0)

    def kibibytes() -> int:
        size = monitor.bytes_needed()
        if size <= min(monitor.threshold_bytes, tuned("memory_recycle_mb", math.inf) * _MIB):
            return min(size // 1_024, settings.MEMORY_THRESHOLD_MB * 1_024)
        _tell("worker", size)
        # Billiard compares with the threshold of the start; what was tuned may be less.
        return max(size // 1_024, settings.MEMORY_THRESHOLD_MB * 1_024 + 1)

    pool.mem_rss = kibibytes  # type: ignore[attr-defined]


@worker_process_shutdown.connect
def _write_the_rest(**kwargs: Any) -> None:
    # The pool's children leave without what Python does at the end of a program.
    close_buffers()


def _end_politely() -> None:
    _tell("web", resident_bytes())
    os.kill(os.getpid(), signal.SIGTERM)


def _tell(role: str, size: int) -> None:
    RECYCLES.of(role).add()
    logger.warning("this %s process holds %s MiB and is replaced", role, size // _MIB)
