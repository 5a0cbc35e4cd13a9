"""What a client is about to send, and what it got, on disk before and after.

Contract   A line is with the operating system before ``write`` returns, so it survives the death of the client; once in
           ``SYNC_S`` the disk has it too.
"""

import json
import os
import time
from pathlib import Path
from typing import Any, Final

SYNC_S: Final = 1.0


class Notes:
    def __init__(self, file: Path) -> None:
        self._descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        self._synced_at = time.monotonic()

    def write(self, note: str, **facts: Any) -> float:
        """Append a line; answers its moment."""
        at = time.monotonic()
        line = json.dumps({"note": note, "at": at, **facts}) + "\n"
        os.write(self._descriptor, line.encode())
        if at - self._synced_at > SYNC_S:
            os.fsync(self._descriptor)
            self._synced_at = at
        return at

    def close(self) -> None:
        os.fsync(self._descriptor)
        os.close(self._descriptor)
