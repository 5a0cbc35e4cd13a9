"""How long to wait before something that ended is started again.

Contract   1, 2, 4 ... 30 s; what ran for a minute has proven itself and starts over at 1 s.
"""

import time
from dataclasses import dataclass
from typing import Final

BACKOFF_MAX_S: Final = 30.0
PROVEN_AFTER_S: Final = 60.0


@dataclass
class Backoff:
    started_at: float = 0.0
    start_again_at: float = 0.0
    failures: int = 0

    def started(self) -> None:
        self.started_at = time.monotonic()

    def ended(self) -> float:
        """Note the end; answers the seconds to wait."""
        now = time.monotonic()
        self.failures = 0 if now - self.started_at > PROVEN_AFTER_S else self.failures + 1
        delay_s = min(2.0 ** max(self.failures - 1, 0), BACKOFF_MAX_S)
        self.start_again_at = now + delay_s
        return delay_s

    def is_due(self) -> bool:
        return time.monotonic() >= self.start_again_at
