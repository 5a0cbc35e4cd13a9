"""Start an embedded server again when it ended.

Contract   Looking costs nothing while the server runs. One that ended is started at once and, as long as that fails,
           after the waits of ``backoff``.
Bound      A start waits until the server answers: PostgreSQL replays its log first, for 60 s at most. The programs
           are not looked at meanwhile; without the server they could do nothing.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from opinion_market.local.backoff import Backoff
from opinion_market.local.postgres import ServerError
from opinion_market.local.servers import Server


@dataclass
class Guard:
    server: Server
    say: Callable[[str], object]
    _backoff: Backoff = field(default_factory=Backoff)

    def check(self) -> None:
        process = self.server.process
        if process is not None and process.poll() is not None:
            self.say(f"{self.server.name} ended with {process.returncode}; starting it again.")
            self.server.stop()
        if self.server.process is None and self._backoff.is_due():
            self._start()

    def _start(self) -> None:
        try:
            self.server.start()
        except ServerError as error:
            self.say(f"{error}\nTrying again in {self._backoff.failed():.0f} s.")
        else:
            self._backoff.failures = 0
            self.say(f"{self.server.name} runs again.")
