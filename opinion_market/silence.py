"""The scheduler itself looks for silent traders each second, beside the task that does so.

Why        The task comes through Redis. Orders of a program that has fallen silent have to go while Redis is down, too:
           for that this thread needs the scheduler's process and PostgreSQL, and nothing else.
"""

import logging
import threading
from typing import Any, Final

from celery.signals import beat_init
from django.db import DatabaseError, close_old_connections
from django.utils.module_loading import import_string

logger = logging.getLogger(__name__)
EVERY_S: Final = 1.0
#: By name, because this module is imported before the models are.
_SWEEP: Final = "trading.services.heartbeat.sweep_silence"


@beat_init.connect(weak=False)
def watch(**_: Any) -> None:
    threading.Thread(target=_run, name="silence", daemon=True).start()


def _run() -> None:
    is_over = threading.Event()
    while not is_over.wait(EVERY_S):
        look()


def look() -> None:
    """One sweep; what PostgreSQL can't do now it does at the next."""
    try:
        close_old_connections()
        import_string(_SWEEP)()
    except DatabaseError as error:
        logger.warning("silent traders couldn't be looked for: %s", error)
