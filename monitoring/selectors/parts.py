"""Whether the parts that this site needs are there.

PostgreSQL and its migrations decide readiness; without Redis orders still work and pushes lag.
"""

import threading
import time
from dataclasses import dataclass, field
from functools import cache
from typing import Final

import redis
from django.conf import settings
from django.db import DatabaseError, InterfaceError, connection
from django.db.migrations.executor import MigrationExecutor
from redis.backoff import NoBackoff
from redis.retry import Retry

from monitoring.selectors.recent_frames import recent_frames
from monitoring.types import Frame, Role

REDIS_TIMEOUT_S: Final = 1.0
#: A write that was taken stands for all probes of this long, so that nobody can make the site write by asking.
WRITE_KEEP_S: Final = 1.0
#: Migrations that were complete stay so while this program runs, unless somebody takes them back.
MIGRATIONS_KEEP_S: Final = 60.0
OK: Final = "ok"
PENDING: Final = "migrations pending"
DOWN: Final = "down"
READ_ONLY: Final = "read only"
DEGRADED: Final = "degraded"
SILENT: Final = "silent"
OFF: Final = "off"
#: Redis, through which parts tell of themselves, is away.
UNKNOWN: Final = "unknown"
#: How old may the newest stored frame be; it is stored every 10 s.
INGEST_LATE_S: Final = 60.0

_WRITE: Final = """
INSERT INTO monitoring_writeprobe (id, at) VALUES (1, statement_timestamp())
ON CONFLICT (id) DO UPDATE SET at = EXCLUDED.at
"""
_INGEST: Final = "SELECT max(split_part(position, '-', 1)::bigint) FROM monitoring_ingestposition"


@dataclass
class _Known:
    """What was found good, and until when that stands."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    migrations_until: float = 0.0
    write_until: float = 0.0


_known = _Known()


def migrations_state() -> str:
    """``ok``, ``migrations pending`` or ``down``."""
    if time.monotonic() < _known.migrations_until:
        return OK
    try:
        with _known.lock:
            executor = MigrationExecutor(connection)
            if executor.migration_plan(executor.loader.graph.leaf_nodes()):
                return PENDING
    except (DatabaseError, InterfaceError):
        return DOWN
    _known.migrations_until = time.monotonic() + MIGRATIONS_KEEP_S
    return OK


def forget_states() -> None:
    """Look at everything the next time."""
    _known.migrations_until = _known.write_until = 0.0


def database_state() -> str:
    """``ok``, ``migrations pending``, ``read only`` or ``down``: whether a write is taken and committed now."""
    migrations = migrations_state()
    if migrations != OK or time.monotonic() < _known.write_until:
        return migrations
    try:
        with connection.cursor() as cursor:
            cursor.execute(_WRITE)
    except (DatabaseError, InterfaceError):
        return _why_not()
    _known.write_until = time.monotonic() + WRITE_KEEP_S
    return OK


def redis_state() -> str:
    """``ok`` or ``degraded``."""
    try:
        _client(settings.REDIS_URL).ping()
    except redis.RedisError:
        return DEGRADED
    return OK


def ingest_age_s(now: float) -> float | None:
    """How old the newest stored frame is; None when nothing was stored yet or the database is away."""
    try:
        with connection.cursor() as cursor:
            cursor.execute(_INGEST)
            row = cursor.fetchone()
    except (DatabaseError, InterfaceError):
        return None
    return max(now - row[0] / 1000, 0.0) if row and row[0] else None


def telling_processes() -> tuple[Frame, ...] | None:
    """The newest frame of each process that measures itself now; None without Redis."""
    recent = recent_frames()
    return None if recent is None else tuple(frame for frame in recent.frames if frame.role is not Role.SITE)


def role_states(frames: tuple[Frame, ...] | None) -> dict[str, str]:
    """Whether somebody of each role that a site needs tells of itself."""
    told = {frame.role for frame in frames or ()}
    silent = OFF if not settings.METRICS_ENABLED else UNKNOWN if frames is None else SILENT
    return {role.value: OK if role in told else silent for role in (Role.WEB, Role.WORKER, Role.BEAT)}


def store_state(ingest_s: float | None) -> str:
    """Whether what is told is stored as well; ``ingest_s`` is the age of the newest that was."""
    if not settings.METRICS_ENABLED:
        return OFF
    return OK if ingest_s is not None and ingest_s <= INGEST_LATE_S else SILENT


def _why_not() -> str:
    """The write failed: whether the database is there to be read."""
    connection.close_if_unusable_or_obsolete()
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except (DatabaseError, InterfaceError):
        return DOWN
    return READ_ONLY


@cache
def _client(url: str) -> "redis.Redis[bytes]":
    """One connection pool, so that a probe each second opens no connection each second."""
    return redis.Redis.from_url(
        url,
        socket_timeout=REDIS_TIMEOUT_S,
        socket_connect_timeout=REDIS_TIMEOUT_S,
        retry=Retry(NoBackoff(), 0),
    )
