"""A request again, when PostgreSQL chose its transaction to give way.

Contract   After a deadlock or a serialisation failure nothing of the transaction is there, so the handler runs once
           more, up to ``ATTEMPTS_MAX`` times; the caller only waits a little longer. Not when the request has kept
           something before it failed: that would be done twice. When it never succeeds the error is raised as it is,
           and answered as 503 with Retry-After.
"""

import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

from django.db import OperationalError, connection
from django.http import HttpResponse

ATTEMPTS_MAX: Final = 6
#: serialization_failure, deadlock_detected
GIVEN_WAY: Final = frozenset({"40001", "40P01"})


@dataclass(slots=True, eq=False)
class _Kept:
    """Statements that were kept by themselves, without a transaction around them."""

    count: int = 0

    def __call__(self, execute: Any, sql: Any, params: Any, many: bool, context: Any) -> Any:
        result = execute(sql, params, many, context)
        is_read = isinstance(sql, str) and sql.lstrip()[:6].upper() == "SELECT"
        if not is_read and not connection.in_atomic_block:
            self.count += 1
        return result


def repeated(handler: Callable[[], HttpResponse]) -> HttpResponse:
    """What ``handler`` answers; it may run several times, but keeps what it does once."""
    for attempt in range(1, ATTEMPTS_MAX):
        with _watching() as has_kept:
            try:
                return handler()
            except OperationalError as error:
                if getattr(error.__cause__, "sqlstate", None) not in GIVEN_WAY or has_kept():
                    raise
        time.sleep(random.uniform(0.005, 0.03) * attempt)
    return handler()


@contextmanager
def _watching() -> Iterator[Callable[[], bool]]:
    """Tells whether anything was committed since."""
    kept, before = _Kept(), _commits()
    wrappers = connection.execute_wrappers
    wrappers.append(kept)
    try:
        yield lambda: connection.in_atomic_block or kept.count > 0 or _commits() != before
    finally:
        # Not the last one, as Django does it: requests that share a thread don't end in the order of their beginning.
        wrappers.remove(kept)


def _commits() -> int:
    """The site's own backend counts them."""
    return int(getattr(connection, "commits", 0))
