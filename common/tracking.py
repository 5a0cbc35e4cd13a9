"""Count and time functions that no request measures: ``@track_request("daily-report")``.

Contract   Sync and async functions alike. ``tracked_calls_total`` by outcome (``ok`` or the exception's class) and
           ``tracked_call_seconds``. Outside a request or task a call gets ids of its own, so that its lines and queries
           belong together; inside one it is part of that. What it returns and raises passes through.
"""

import inspect
import logging
import time
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from django.conf import settings

from common.metrics.registry import registry
from common.request_context import RequestContext, current

_calls = registry.counter("tracked_calls_total", "Calls of tracked functions.", ("name", "outcome"))
_seconds = registry.sketch("tracked_call_seconds", "Time of tracked functions.", ("name",))
_log = logging.getLogger("tracked")

Function = TypeVar("Function", bound=Callable[..., Any])


def track_request(name: str) -> Callable[[Function], Function]:
    """Track the decorated function as ``name``, which says what it does and holds nobody's id."""

    def decorate(function: Function) -> Function:
        if inspect.iscoroutinefunction(function):

            @wraps(function)
            async def run_async(*args: Any, **kwargs: Any) -> Any:
                with _Tracked(name):
                    return await function(*args, **kwargs)

            return run_async  # type: ignore[return-value]

        @wraps(function)
        def run(*args: Any, **kwargs: Any) -> Any:
            with _Tracked(name):
                return function(*args, **kwargs)

        return run  # type: ignore[return-value]

    return decorate


class _Tracked:
    def __init__(self, name: str) -> None:
        self._name = name

    def __enter__(self) -> None:
        self._token = current.set(RequestContext()) if current.get() is None else None
        self._began = time.perf_counter()

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        outcome, seconds = kind.__name__ if kind is not None else "ok", time.perf_counter() - self._began
        if settings.METRICS_ENABLED:
            _calls.of(self._name, outcome).add()
            _seconds.of(self._name).record(seconds)
        if seconds >= settings.SLOW_REQUEST_THRESHOLD:
            _log.warning("slow_call", extra={"call": self._name, "ms": round(seconds * 1e3, 3), "outcome": outcome})
        if self._token is not None:
            current.reset(self._token)
