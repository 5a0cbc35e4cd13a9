"""Feature flags as this process knows them.

Contract   ``is_on`` looks into a dictionary: no lock, no I/O. A thread of the process reads the table again when Redis
           says that a flag was switched, and every ``FLAGS_POLL_S`` seconds anyway; with 0 each read asks the table.
           While the database is away the last known values hold, and the declared ones before that.
Bound      One thread, one database and one Redis connection a process, from the first read on.
"""

import os
import threading
import time
from collections.abc import Mapping
from typing import Final

import redis
from django.conf import settings
from django.db import DatabaseError, InterfaceError, connection

from common.flags.declared import FLAGS, FlagSpec
from common.models import Flag

CHANNEL: Final = "om:flags"
_FIRST_S: Final = 1.0


def is_on(spec: FlagSpec) -> bool:
    values = _switches.values
    if values is None:
        values = _switches.first()
    return values[spec.name]


def stored_values() -> dict[str, bool]:
    """What the table says now, with the declared value where nobody has switched."""
    switched = dict(Flag.objects.exclude(is_on=None).values_list("name", "is_on"))
    return {name: bool(switched.get(name, spec.is_on)) for name, spec in FLAGS.items()}


class Switches:
    """``values`` is ``None`` until the first read."""

    def __init__(self) -> None:
        self.values: Mapping[str, bool] | None = None
        self._lock = threading.Lock()
        self._is_read, self._is_over = threading.Event(), threading.Event()
        self._thread: threading.Thread | None = None

    def first(self) -> Mapping[str, bool]:
        if not settings.FLAGS_POLL_S:
            return stored_values()
        with self._lock:
            if self._thread is None:
                self._thread = threading.Thread(target=self._watch, name="flags", daemon=True)
                self._thread.start()
        self._is_read.wait(_FIRST_S)
        return self.values or {name: spec.is_on for name, spec in FLAGS.items()}

    def stop(self) -> None:
        """End the thread, within its next look."""
        self._is_over.set()
        if self._thread is not None:
            self._thread.join()

    def _watch(self) -> None:
        messages = _Messages()
        while not self._is_over.is_set():
            try:
                self.values = stored_values()
                self._is_read.set()
            except (DatabaseError, InterfaceError):
                connection.close()
            messages.wait(settings.FLAGS_POLL_S)
        connection.close()


class _Messages:
    """Wakes early when Redis says so; without Redis it only sleeps."""

    def __init__(self) -> None:
        client = redis.Redis.from_url(settings.REDIS_URL, socket_connect_timeout=0.3, socket_timeout=5)
        self._pubsub = client.pubsub(ignore_subscribe_messages=True)

    def wait(self, seconds: float) -> None:
        until = time.monotonic() + seconds
        try:
            if not self._pubsub.subscribed:
                self._pubsub.subscribe(CHANNEL)
            while (left := until - time.monotonic()) > 0:
                if self._pubsub.get_message(timeout=left) is not None:
                    return
        except redis.RedisError:
            self._pubsub.reset()  # type: ignore[no-untyped-call]
            time.sleep(max(0.0, until - time.monotonic()))


def _forget() -> None:
    global _switches
    _switches = Switches()


_switches = Switches()
# Threads stay behind in a fork, so the child makes its own.
os.register_at_fork(after_in_child=_forget)
