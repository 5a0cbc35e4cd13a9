"""A log file that many processes append to and any of them rotates.

Contract   Lines are whole and never interleaved, none is lost at a rotation, and no file grows past ``bytes_max``
           unless one line alone is longer. Half a line that a killed process left is cut off by the next writer.
How        Every append and rotation happens under an exclusive ``flock`` on a file beside it, and begins by looking
           whether the name still means the file that is open. Locks end with their process, however it ends.
Why        Handlers of the standard library rename under each other's feet; concurrent-log-handler does the like of
           this one once for every line, this one once for a batch.
"""

import fcntl
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

BYTES_MAX: Final = 10 * 1024 * 1024
BACKUPS: Final = 5
_TAIL_BYTES: Final = 1024 * 1024


class SharedFile:
    """Not safe for threads; a process has one writer."""

    def __init__(self, path: Path, *, bytes_max: int = BYTES_MAX, backups: int = BACKUPS) -> None:
        self.path = path
        self._lock_path = path.with_name(f".{path.name}.lock")
        self._bytes_max = bytes_max
        self._backups = backups
        self._lock: int | None = None
        self._file: int | None = None

    def append(self, lines: Sequence[bytes]) -> None:
        """Write ``lines``, each of which ends with a newline.

        Raises: OSError when the disk refuses; then what this call wrote of a line is cut off
        """
        with self._locked():
            size = self._open_named()
            waiting: list[bytes] = []
            for line in lines:
                if size and size + len(line) > self._bytes_max:
                    self._write(waiting)
                    waiting.clear()
                    size = self._rotate()
                waiting.append(line)
                size += len(line)
            self._write(waiting)

    def close(self) -> None:
        """Forget the descriptors: a child must have locks of its own, because a lock goes with the open file."""
        for number in (self._file, self._lock):
            if number is not None:
                os.close(number)
        self._file = self._lock = None

    @contextmanager
    def _locked(self) -> Iterator[None]:
        if self._lock is None:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self._lock = os.open(self._lock_path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o640)
        fcntl.flock(self._lock, fcntl.LOCK_EX)
        try:
            yield
        finally:
            fcntl.flock(self._lock, fcntl.LOCK_UN)

    def _open_named(self) -> int:
        """Have the file open that the name means now; its size, which ends with a whole line."""
        if self._file is not None and not self._is_named():
            os.close(self._file)
            self._file = None
        if self._file is None:
            self._file = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o640)
        size = os.fstat(self._file).st_size
        if size and os.pread(self._file, 1, size - 1) != b"\n":
            size = self._cut_tail(size)
        return size

    def _is_named(self) -> bool:
        assert self._file is not None
        mine = os.fstat(self._file)
        try:
            named = os.stat(self.path)
        except FileNotFoundError:
            return False
        return (mine.st_ino, mine.st_dev) == (named.st_ino, named.st_dev)

    def _cut_tail(self, size: int) -> int:
        assert self._file is not None
        start = max(size - _TAIL_BYTES, 0)
        end = start + os.pread(self._file, size - start, start).rfind(b"\n") + 1
        os.ftruncate(self._file, end)
        return end

    def _write(self, lines: Sequence[bytes]) -> None:
        assert self._file is not None
        rest = memoryview(b"".join(lines))
        while rest:
            try:
                rest = rest[os.write(self._file, rest) :]
            except OSError:
                self._open_named()
                raise

    def _rotate(self) -> int:
        """Number the files anew, oldest away; the size of the new one."""
        assert self._file is not None
        for number in range(self._backups - 1, 0, -1):
            if self._numbered(number).exists():
                os.replace(self._numbered(number), self._numbered(number + 1))
        os.replace(self.path, self._numbered(1))
        os.close(self._file)
        self._file = None
        return self._open_named()

    def _numbered(self, number: int) -> Path:
        return self.path.with_name(f"{self.path.name}.{number}")
