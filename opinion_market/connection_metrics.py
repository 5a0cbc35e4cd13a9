"""How many database connections this process holds, and how many of them are at work.

Contract   Every connection that Django opened is known from then until it is closed, by whichever thread. ``in use``
           is in the middle of a statement or a transaction, ``over`` what is held beyond ``HTTP_THREADS``: the
           threads of requests have one each, so it shows who else holds some (sockets, sign-in, jobs).
Why        There is no pool to ask: each thread keeps its own connection, which is the pool.
"""

import os
import threading
from typing import Any, Final
from weakref import WeakSet

from django.conf import settings
from django.db.backends.signals import connection_created
from django.dispatch import receiver
from psycopg import Connection
from psycopg.pq import TransactionStatus

from common.metrics.registry import registry
from common.tuning.reading import tuned

_HELD: Final = registry.gauge("db_connections_held", "Database connections that the process keeps.").of()
_IN_USE: Final = registry.gauge("db_connections_in_use", "Of them, in a statement or a transaction.").of()
_OVER: Final = registry.gauge("db_connections_over", "Of them, beyond one for each thread of requests.").of()
_WORKING: Final = frozenset({TransactionStatus.ACTIVE, TransactionStatus.INTRANS, TransactionStatus.INERROR})
_known: Final[WeakSet[Connection[Any]]] = WeakSet()
_lock = threading.Lock()


@receiver(connection_created)
def _note(connection: Any, **kwargs: Any) -> None:
    with _lock:
        _known.add(connection.connection)


@registry.before_sample
def measure() -> None:
    with _lock:
        held = [connection for connection in _known if not connection.closed]
    _HELD.set(len(held))
    _IN_USE.set(sum(connection.info.transaction_status in _WORKING for connection in held))
    _OVER.set(max(len(held) - tuned("http_threads", settings.HTTP_THREADS), 0))


def _leave_to_parent() -> None:
    global _lock
    _lock = threading.Lock()
    _known.clear()


os.register_at_fork(after_in_child=_leave_to_parent)
