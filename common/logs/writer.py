"""The one place of a process where log lines leave it.

Contract   ``put`` never waits: a thread renders and writes what has gathered, a few times a second. ``put_now`` has
           written, everything before it included, when it returns; it is for errors. ``flush`` likewise, at the end.
Bound      ``WAITING_MAX`` lines wait; further ones are counted and dropped. A disk or console that refuses costs lines,
           never a request.
Fork       A child starts with an empty queue, an identity and files of its own; the parent writes what the parent had.
"""

import atexit
import logging
import os
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final

from common.logs.lines import Line, ProcessIdentity, as_json, as_text
from common.logs.shared_file import SharedFile
from common.metrics.registry import registry

WAITING_MAX: Final = 20_000
GATHER_S: Final = 0.2
#: Lines rendered before other threads get their turn.
_TURN: Final = 200
_NEVER: Final = logging.CRITICAL + 1

_lines = registry.counter("log_lines_total", "Log lines by severity.", ("level",))
_dropped = registry.counter("log_lines_dropped_total", "Log lines that could not be written.").of()


class LineWriter:
    _writes_in = 0

    def __init__(self) -> None:
        self.identity = ProcessIdentity()
        self._files: list[tuple[int, SharedFile]] = []
        self._console_level = logging.INFO
        self._console: Callable[[dict[str, Any]], bytes] = as_json
        self._begin()
        os.register_at_fork(after_in_child=self._after_fork)
        atexit.register(self.flush)

    def configure(self, *, directory: Path | None, console_level: int, console_format: str) -> None:
        """Where lines go: ``app.log`` and ``error.log`` in ``directory`` if there is one, and standard error."""
        self.flush()
        self._close()
        self._files = []
        if directory is not None:
            self._files = [
                (logging.NOTSET, SharedFile(directory / "app.log")),
                (logging.ERROR, SharedFile(directory / "error.log")),
            ]
        self._console_level = console_level
        self._console = as_json if console_format == "json" else as_text

    def put(self, line: Line) -> None:
        if len(self._waiting) >= WAITING_MAX:
            _dropped.add()
            return
        self._waiting.append(line)
        if not self._is_awake:
            self._wake()

    def put_now(self, line: Line) -> None:
        self._waiting.append(line)
        self.flush()

    def flush(self) -> None:
        """Write what waits, in this thread."""
        if self._writes_in == threading.get_ident():
            # A signal or a finaliser came amid a write, which will take the line along.
            return
        with self._lock:
            self._writes_in = threading.get_ident()
            try:
                while self._waiting:
                    self._write_some()
            finally:
                self._writes_in = 0

    def _begin(self) -> None:
        self._waiting: deque[Line] = deque()
        self._lock = threading.Lock()
        self._writes_in = 0
        self._is_awake = False
        self._thread: threading.Thread | None = None
        self._bell = threading.Event()

    def _after_fork(self) -> None:
        self.identity = ProcessIdentity()
        self._begin()
        self._close()

    def _close(self) -> None:
        for _, file in self._files:
            file.close()

    def _wake(self) -> None:
        self._is_awake = True
        self._bell.set()
        if self._thread is None or not self._thread.is_alive():
            self._thread = threading.Thread(target=self._run, name="log", daemon=True)
            try:
                self._thread.start()
            except RuntimeError:
                # The interpreter is closing down.
                self.flush()

    def _run(self) -> None:
        while True:
            self._bell.wait()
            self._bell.clear()
            time.sleep(GATHER_S)
            # Lowered before the queue is emptied: who appends after this rings again.
            self._is_awake = False
            self.flush()

    def _write_some(self) -> None:
        batch = [self._waiting.popleft() for _ in range(min(_TURN, len(self._waiting)))]
        identity = self.identity
        for level, fields in batch:
            fields.setdefault("request_id", identity.request_id)
            fields["pid"] = identity.pid
            _lines.of(logging.getLevelName(level).lower()).add()
        self._write_console([fields for level, fields in batch if level >= self._console_level])
        if self._files:
            rendered = [(level, as_json(fields)) for level, fields in batch]
            for lowest, file in self._files:
                _append(file, [line for level, line in rendered if level >= lowest])

    def _write_console(self, batch: Sequence[dict[str, Any]]) -> None:
        if not batch:
            return
        rest = memoryview(b"".join([self._console(dict(fields)) for fields in batch]))
        try:
            while rest:
                rest = rest[os.write(2, rest) :]
        except OSError:
            _dropped.add(len(batch))


def _append(file: SharedFile, lines: Sequence[bytes]) -> None:
    if not lines:
        return
    try:
        file.append(lines)
    except OSError:
        _dropped.add(len(lines))


#: The one of this process.
writer: Final = LineWriter()
