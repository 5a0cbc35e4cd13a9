"""A task continues the request that sent it: the ids travel in the message's headers, and each task has one line.

Contract   What is published within a request or task carries its ids; what beat publishes begins a trace of its own.
           While a task runs its context is current; afterwards the one before it is again (tasks may run in place).
           The line names the task, its state, time, statements and retries, never its arguments. Successes share
           the budget of successful requests; failures are always written.
"""

import logging
import random
import sys
import time
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from celery import signals
from django.conf import settings

from common.logs.budget import Budget
from common.logs.request_secrets import task_secrets
from common.logs.setup import log_what_nobody_catches
from common.logs.writer import writer
from common.request_context import RequestContext, current, from_headers
from common.tracing import Kind, trace_work, tracing

_log = logging.getLogger("task")
_GOOD: Final = ("SUCCESS", "IGNORED")
_budget: Final[list[Budget]] = []


@dataclass(frozen=True)
class _Running:
    context: RequestContext
    before: RequestContext | None
    began: float


_running: dict[str, _Running] = {}


@signals.setup_logging.connect(weak=False)
@signals.celeryd_init.connect(weak=False)
@signals.beat_init.connect(weak=False)
def _leave_logging_alone(**_: Any) -> None:
    """That somebody listens keeps Celery from adding handlers; Django's settings have set them up."""
    log_what_nobody_catches()
    program = sys.modules.get("celery.apps.worker")
    if program is not None:
        # What the worker says of its end goes past ``logging``, in plain text.
        program.safe_say = _say  # type: ignore[attr-defined]


def _say(message: str, *_: Any) -> None:
    """Called while a signal is handled, so it only puts a line down."""
    logging.getLogger("celery.worker").info(message.strip())


@signals.before_task_publish.connect(weak=False)
def _send_ids(headers: dict[str, Any] | None = None, **_: Any) -> None:
    if headers is not None:
        context = current.get() or RequestContext()
        headers |= {name.lower(): value for name, value in context.outgoing().items()}


@signals.task_prerun.connect(weak=False)
def _begin(task_id: str = "", task: Any = None, args: Any = (), kwargs: Any = None, **_: Any) -> None:
    headers = task.request.headers or {}
    context = from_headers(headers)
    before = current.get()
    if before is not None and "traceparent" not in headers:
        # Run in place: part of what is going on.
        context = RequestContext(before.request_id, before.traceparent)
    context.secrets = partial(task_secrets, task.run, args or (), kwargs or {})
    _running[task_id] = _Running(context, before, time.perf_counter())
    current.set(context)


@signals.task_postrun.connect(weak=False)
def _end(task_id: str = "", task: Any = None, state: str | None = None, **_: Any) -> None:
    running = _running.pop(task_id, None)
    if running is None:
        return
    # In place, where the error goes on to the caller, Celery says no state.
    state = state or ("FAILURE" if sys.exception() is not None else "UNKNOWN")
    _write(running, task, task_id, state)
    if tracing.is_on:
        seconds = time.perf_counter() - running.began
        trace_work(
            running.context, f"run {task.name}", Kind.CONSUMER, seconds, is_failed=state not in _GOOD, task__id=task_id
        )
    running.context.secrets = None
    current.set(running.before)


@signals.worker_process_shutdown.connect(weak=False)
@signals.worker_shutdown.connect(weak=False)
def _flush(**_: Any) -> None:
    """Children of the pool end without ``atexit``."""
    writer.flush()
    tracing.stop()


def _write(running: _Running, task: Any, task_id: str, state: str) -> None:
    seconds, context, now = time.perf_counter() - running.began, running.context, time.time()
    is_good = state in _GOOD
    if is_good and not (_log.isEnabledFor(logging.INFO) and _is_chosen(now)):
        return
    level = logging.INFO if is_good else logging.WARNING
    fields = {
        "timestamp": now,
        "level": logging.getLevelName(level).lower(),
        "logger": "task",
        "event": "task",
        "task": task.name,
        "task_id": task_id,
        "state": state,
        "ms": round(seconds * 1e3, 3),
        "db_ms": round(context.db_s * 1e3, 3),
        "db_count": context.db_count,
        "cache_hits": context.cache_hits,
        "cache_misses": context.cache_misses,
        "retries": task.request.retries or 0,
        **context.ids(),
    }
    writer.put((level, fields))


def _is_chosen(now: float) -> bool:
    if not _budget:
        _budget.append(Budget(settings.LOG_REQUESTS_PER_SECOND))
    is_sampled = settings.LOG_SAMPLE_RATE >= 1.0 or random.random() < settings.LOG_SAMPLE_RATE
    return is_sampled and _budget[0].admits(now)
