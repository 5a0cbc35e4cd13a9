"""The one source of "now" for Python code; tests freeze it with time-machine."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime

_replayed: ContextVar[datetime | None] = ContextVar("replayed", default=None)


def now() -> datetime:
    return _replayed.get() or datetime.now(UTC)


def replayed_moment() -> datetime | None:
    """The moment that this thread replays, if it does: the database's clock gives way to it as well."""
    return _replayed.get()


@contextmanager
def replaying(moment: datetime) -> Iterator[None]:
    """Let what happens within happen at ``moment``; for histories that are replayed through the services."""
    token = _replayed.set(moment)
    try:
        yield
    finally:
        _replayed.reset(token)


def rfc3339(moment: datetime) -> str:
    """UTC with milliseconds: ``2026-11-22T09:30:00.123Z``."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").removesuffix("+00:00") + "Z"
