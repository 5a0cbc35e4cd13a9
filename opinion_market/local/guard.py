"""Start an embedded server again when it ended.

Contract   Looking costs nothing while the server runs. One that ended is started at once and, as long as that fails,
           after the waits of ``backoff``. Nobody waits for it meanwhile: programs that ended, too, are started beside
           it. One that takes long to answer, such as PostgreSQL with a long log to replay, is left to it.
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
    #: Whether it was started and has not answered yet.
    _is_awaited: bool = False

    def check(self) -> None:
        process = self.server.process
        if process is not None and process.poll() is not None:
            self.server.stop()
            if self._is_awaited:
                self._note_failure(self.server.failure())
            else:
                self.say(f"{self.server.name} ended with {process.returncode}; starting it again.")
        if self.server.process is None and self._backoff.is_due():
            self._launch()
        elif self._is_awaited and self.server.is_answering():
            self._is_awaited, self._backoff.failures = False, 0
            self.say(f"{self.server.name} runs again.")

    def _launch(self) -> None:
        try:
            self.server.launch()
        except ServerError as error:
            self._note_failure(str(error))
        else:
            self._is_awaited = True

    def _note_failure(self, reason: str) -> None:
        self._is_awaited = False
        self.say(f"{reason}\nTrying again in {self._backoff.failed():.0f} s.")
