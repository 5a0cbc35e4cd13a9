"""Whole transactions again, when PostgreSQL chose them to give way."""

import random
import time
from collections.abc import Callable
from typing import Final, TypeVar

from django.db import DatabaseError, OperationalError

from trading.services._run_commands import StaleFunds

Result = TypeVar("Result")
ATTEMPTS_MAX: Final = 4
#: serialization_failure, deadlock_detected
_RETRIED_STATES: Final = {"40001", "40P01"}


def retried(transaction: Callable[[], Result]) -> Result:
    """Run ``transaction``, up to ATTEMPTS_MAX times with a random pause, while it can succeed by repeating."""
    for attempt in range(1, ATTEMPTS_MAX):
        try:
            return transaction()
        except StaleFunds:
            pass
        except OperationalError as error:
            if _state_of(error) not in _RETRIED_STATES:
                raise
        time.sleep(random.uniform(0.002, 0.02) * attempt)
    return transaction()


def _state_of(error: DatabaseError) -> str | None:
    return getattr(error.__cause__, "sqlstate", None)
