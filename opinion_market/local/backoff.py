"""How long to wait before something that ended is started again.

Contract   At once when it had proven itself by running for PROVEN_AFTER_S; otherwise 1, 2, 4 ... 30 s. What never
           ran, since its start failed, has proven nothing however long that took.
Why        Whoever is killed now and then is back in the time of a start, at most once in PROVEN_AFTER_S; what falls
           over as soon as it stands doesn't burn the machine.
"""

import time
from dataclasses import dataclass
from typing import Final

BACKOFF_MAX_S: Final = 30.0
PROVEN_AFTER_S: Final = 10.0


@dataclass
class Backoff:
    started_at: float = 0.0
    start_again_at: float = 0.0
    failures: int = 0

    def started(self) -> None:
        self.started_at = time.monotonic()

    def ended(self) -> float:
        """Note the end; answers the seconds to wait."""
        if time.monotonic() - self.started_at > PROVEN_AFTER_S:
            self.failures, self.start_again_at = 0, 0.0
            return 0.0
        return self.failed()

    def failed(self) -> float:
        """Note that the start failed, or came to nothing; answers the seconds to wait."""
        self.failures += 1
        delay_s = min(2.0 ** (self.failures - 1), BACKOFF_MAX_S)
        self.start_again_at = time.monotonic() + delay_s
        return delay_s

    def is_due(self) -> bool:
        return time.monotonic() >= self.start_again_at
