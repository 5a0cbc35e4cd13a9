"""Spans: what a request, a statement, a task or a socket took, for whoever collects traces (docs/observability.md).

Contract   Off unless ``turn_on`` named an exporter; nothing of it is imported before. ``emit`` hands a finished span to
           the exporter of this process, which is made with the first span, so that a process that was forked has one of
           its own. Of all traces the share that was asked for is kept, chosen by the trace's id, so that
           every process chooses the same; a caller who asks not to be recorded isn't.
Ids        Those of ``common.request_context``: logs, answers, messages of tasks and spans have the same.
Cost       Off: one comparison for each request, task and statement. On: a tuple, which a thread sends later.
"""

import os
import time
from collections.abc import Callable, Mapping
from enum import Enum
from threading import Lock
from typing import Any, Final, NamedTuple, Protocol

from django.utils.module_loading import import_string

from common.request_context import RequestContext
from common.statements import short_statement

_IDS: Final = 1 << 64


class Kind(Enum):
    SERVER = "server"
    CLIENT = "client"
    CONSUMER = "consumer"
    INTERNAL = "internal"


class Span(NamedTuple):
    """Times are nanoseconds since the epoch, ids are hex; ``parent_id`` is empty for the first of a trace."""

    name: str
    kind: Kind
    trace_id: str
    span_id: str
    parent_id: str
    began: int
    ended: int
    attributes: Mapping[str, str | int | float]
    is_failed: bool = False


class Exporter(Protocol):
    """Never blocks and never raises in ``take``; ``stop`` sends what is left, within seconds."""

    def take(self, span: Span) -> None: ...

    def stop(self) -> None: ...


class Tracing:
    def __init__(self) -> None:
        self.is_on = False
        self._make: Callable[[], Exporter] | None = None
        self._limit = _IDS
        self._lock = Lock()
        self._exporters: dict[int, Exporter] = {}

    def turn_on(self, path: str, *, share: float = 1.0) -> None:
        """``path`` names the exporter's class; imported here, so that no request waits for it and forks share it."""
        self._make, self._limit, self.is_on = import_string(path), int(share * _IDS), True

    def turn_off(self) -> None:
        self.is_on = False
        self.stop()

    def is_kept(self, context: RequestContext) -> bool:
        return context.flags == "01" and int(context.trace_id[16:], 16) < self._limit

    def emit(self, span: Span) -> None:
        self._exporter().take(span)

    def stop(self) -> None:
        """Send what is left of this process."""
        with self._lock:
            found = self._exporters.pop(os.getpid(), None)
        if found is not None:
            found.stop()

    def _exporter(self) -> Exporter:
        pid = os.getpid()
        found = self._exporters.get(pid)
        if found is None:
            with self._lock:
                found = self._exporters.get(pid)
                if found is None:
                    # A parent's threads don't live in a child, so its exporter is no use here.
                    self._exporters.clear()
                    assert self._make is not None, "turn_on comes first"
                    found = self._exporters[pid] = self._make()
        return found


tracing: Final = Tracing()
os.register_at_fork(after_in_child=lambda: setattr(tracing, "_lock", Lock()))


def trace_work(
    context: RequestContext, name: str, kind: Kind, seconds: float, *, is_failed: bool = False, **facts: Any
) -> None:
    """The span of a request, task or handshake that has just ended; call it when ``tracing.is_on``."""
    trace_step(context, name, kind, seconds, is_failed=is_failed, **facts, request__id=context.request_id)


def trace_step(
    context: RequestContext,
    name: str,
    kind: Kind,
    seconds: float,
    *,
    ago_s: float = 0.0,
    is_failed: bool = False,
    **facts: Any,
) -> None:
    """The span of ``context`` itself, which has no request of its own; it ended ``ago_s`` ago."""
    if not tracing.is_kept(context):
        return
    ended = time.time_ns() - int(ago_s * 1e9)
    tracing.emit(
        Span(
            name, kind, context.trace_id, context.span_id, context.parent_id, ended - int(seconds * 1e9), ended,
            {key.replace("__", "."): value for key, value in facts.items() if value is not None}, is_failed,
        )
    )  # fmt: skip


def trace_part(context: RequestContext, name: str, kind: Kind, seconds: float, **facts: Any) -> None:
    """The span of something within it."""
    if not tracing.is_kept(context):
        return
    ended = time.time_ns()
    attributes = {key.replace("__", "."): value for key, value in facts.items() if value is not None}
    span_id = os.urandom(8).hex()
    began = ended - int(seconds * 1e9)
    tracing.emit(Span(name, kind, context.trace_id, span_id, context.span_id, began, ended, attributes))


def trace_statements(context: RequestContext, seconds: float, count: int, text: object) -> None:
    """A statement by its verb, table and columns; its text may hold values and stays here."""
    name = short_statement(str(text)) if text is not None else f"{count} statements"
    size = count if count > 1 else None
    trace_part(context, name, Kind.CLIENT, seconds, db__system__name="postgresql", db__operation__batch__size=size)
