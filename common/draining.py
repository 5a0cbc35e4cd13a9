"""Whether this process is about to end: it still answers, and asks everybody to turn elsewhere."""

import threading
from typing import Final

_is_draining: Final = threading.Event()


def begin_draining() -> None:
    """From now on ``/ready`` refuses, and each answer closes its connection."""
    _is_draining.set()


def stop_draining() -> None:
    """Back to normal; for tests, since no process ever comes back."""
    _is_draining.clear()


def is_draining() -> bool:
    return _is_draining.is_set()
