"""Reads that may be a little old, from a replica of the database when there is one.

Contract   ``read_rows`` answers from the replica while it follows the database within REPLICA_LAG_MAX_S, else from the
           database itself: no replica, one that is away, behind, broken off, or no replica any more changes nothing but
           who does the work. A session on the replica can't write.
Safety     Only figures for people read here (analytics and their reports); a test names them. Whatever decides about
           money reads the database, which ``PrimaryOnly`` makes the only answer for models.
Measured   How far the replica is behind, each LOOK_S by each process that reads from it: since the newest transaction
           that it has replayed, which is never too little; beat commits one each three seconds.
"""

import threading
import time
from collections.abc import Callable, Mapping
from typing import Any, Final

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, InterfaceError, OperationalError, connections

from common.metrics.registry import registry

ALIAS: Final = "replica"
LOOK_S: Final = 1.0
#: A replica that didn't answer is left alone so long, since each attempt may last its connect timeout.
AWAY_S: Final = 10.0
_LAG: Final = "SELECT extract(epoch FROM clock_timestamp() - pg_last_xact_replay_timestamp())::float8"
_BEHIND: Final = registry.gauge("replica_lag_seconds", "How far the replica is behind, when last looked.").of()
_READS: Final = registry.counter("replica_reads_total", "Reads that the replica answered.").of()
_FALLBACKS: Final = registry.counter("replica_fallbacks_total", "Reads that it could not answer.").of()
Rows = list[tuple[Any, ...]]


class PrimaryOnly:
    """Models are read and written in the database itself, and the replica gets its tables from there."""

    def db_for_read(self, model: object, **hints: object) -> str:
        return DEFAULT_DB_ALIAS

    def db_for_write(self, model: object, **hints: object) -> str:
        return DEFAULT_DB_ALIAS

    def allow_migrate(self, db: str, app_label: str, **hints: object) -> bool | None:
        return False if db == ALIAS else None


class Gate:
    """Whether the replica is good enough now; ``look`` answers its lag in seconds, None when it is no replica."""

    def __init__(self, look: Callable[[], float | None]) -> None:
        self._look = look
        self._lock = threading.Lock()
        self._look_at = 0.0
        self.lag_s: float | None = None

    def is_open(self) -> bool:
        # One looks; the others go by what was known, rather than wait for a replica that may be away.
        if time.monotonic() >= self._look_at and self._lock.acquire(blocking=False):
            try:
                self._look_at = time.monotonic() + LOOK_S
                self._measure()
            finally:
                self._lock.release()
        lag_s = self.lag_s
        return lag_s is not None and lag_s <= settings.REPLICA_LAG_MAX_S

    def close(self) -> None:
        """It did not answer."""
        self._shut()

    def _measure(self) -> None:
        try:
            self.lag_s = self._look()
        except (OperationalError, InterfaceError):
            self._shut()
        _BEHIND.set(self.lag_s)

    def _shut(self) -> None:
        self.lag_s = None
        self._look_at = time.monotonic() + AWAY_S


def has_replica() -> bool:
    return ALIAS in settings.DATABASES


def read_rows(statement: str, parameters: Mapping[str, Any]) -> Rows:
    """All rows, at most REPLICA_LAG_MAX_S old where the site has a replica."""
    if not has_replica():
        return _fetch(DEFAULT_DB_ALIAS, statement, parameters)
    if gate.is_open():
        try:
            rows = _fetch(ALIAS, statement, parameters)
        except (OperationalError, InterfaceError):
            # Away, or it had to cancel the statement to go on replaying.
            connections[ALIAS].close()
            gate.close()
        else:
            _READS.add()
            return rows
    _FALLBACKS.add()
    return _fetch(DEFAULT_DB_ALIAS, statement, parameters)


def replica_state() -> str:
    """``off`` without a replica; else how far it is behind, or that it is away."""
    if not has_replica():
        return "off"
    is_open = gate.is_open()
    if gate.lag_s is None:
        return "away"
    return "ok" if is_open else f"{gate.lag_s:.0f} s behind"


def _fetch(alias: str, statement: str, parameters: Mapping[str, Any]) -> Rows:
    with connections[alias].cursor() as cursor:
        cursor.execute(statement, parameters)
        rows: Rows = cursor.fetchall()
        return rows


def _lag_of_replica() -> float | None:
    return _fetch(ALIAS, _LAG, {})[0][0]  # type: ignore[no-any-return]


gate: Final = Gate(_lag_of_replica)
