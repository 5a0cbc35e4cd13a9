"""Counts and times tasks, and lets the worker and beat measure themselves.

Contract   A task counts once when it ended for good: ``ok`` or ``failed`` (an error, a time limit, a lost worker).
           Each message carries when it was sent, so that the age of the queue can be told. Children of the
           worker's pool have agents of their own.
"""

import time
from typing import Any, Final

from celery.signals import (
    beat_init,
    before_task_publish,
    task_failure,
    task_postrun,
    task_prerun,
    task_retry,
    task_success,
    worker_init,
    worker_process_init,
    worker_process_shutdown,
    worker_shutdown,
)

from common.metrics.agent import start_measuring
from common.metrics.registry import registry
from monitoring.realtime.agent import stop_agent
from monitoring.types import SENT_AT, Role

_TASKS: Final = registry.counter("tasks_total", "Tasks that ended.", ["task", "outcome"])
_SECONDS: Final = registry.sketch("task_seconds", "Run time of tasks.", ["task"])
_RETRIES: Final = registry.counter("task_retries_total", "Tasks that asked to be run again.", ["task"])
_began: dict[str, float] = {}


@before_task_publish.connect
def _stamp(headers: dict[str, Any] | None = None, **kwargs: Any) -> None:
    if headers is not None:
        headers.setdefault(SENT_AT, time.time())


@task_prerun.connect
def _begin(task_id: str, **kwargs: Any) -> None:
    _began[task_id] = time.perf_counter()


@task_postrun.connect
def _end(task_id: str, task: Any, **kwargs: Any) -> None:
    began = _began.pop(task_id, None)
    if began is not None:
        _SECONDS.of(task.name).record(time.perf_counter() - began)


@task_success.connect
def _succeed(sender: Any, **kwargs: Any) -> None:
    _TASKS.of(sender.name, "ok").add()


@task_failure.connect
def _fail(sender: Any, **kwargs: Any) -> None:
    _TASKS.of(sender.name, "failed").add()


@task_retry.connect
def _retry(sender: Any, **kwargs: Any) -> None:
    _RETRIES.of(sender.name).add()


@worker_init.connect
@worker_process_init.connect
def _measure_worker(**kwargs: Any) -> None:
    start_measuring(Role.WORKER)


@beat_init.connect
def _measure_beat(**kwargs: Any) -> None:
    start_measuring(Role.BEAT)


@worker_process_shutdown.connect
@worker_shutdown.connect
def _stop(**kwargs: Any) -> None:
    stop_agent()
