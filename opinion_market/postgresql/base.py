"""Django's PostgreSQL backend, with a health check a second instead of one a request.

Why        ``CONN_HEALTH_CHECKS`` asks ``SELECT 1`` at the first statement of every request: a round trip, which
           was a tenth of an order's time. A connection that answered within the last second is taken as alive.
Cost       After PostgreSQL restarts, a busy thread may fail one request more; Django then drops the connection.
"""

import time
from typing import Final

from django.db.backends.postgresql import base

FRESH_S: Final = 1.0


class DatabaseWrapper(base.DatabaseWrapper):
    """Adds only the clock."""

    health_check_done: bool
    _checked_at = float("-inf")

    def close_if_health_check_failed(self) -> None:
        if self.health_check_done:
            return
        if time.monotonic() - self._checked_at < FRESH_S:
            # Done for this request: a check later, amid a transaction, would begin one of its own.
            self.health_check_done = True
            return
        super().close_if_health_check_failed()
        self._checked_at = time.monotonic()
