"""What a forked process must not take over: locks that others hold, threads that aren't there."""

import os
from collections.abc import Callable
from weakref import WeakMethod

_resets: list[WeakMethod[Callable[[], None]]] = []


def after_fork(reset: Callable[[], None]) -> None:
    """Call the method ``reset`` in every forked child, as long as its object lives."""
    _resets.append(WeakMethod(reset))


def _reset_all() -> None:
    for reference in _resets:
        reset = reference()
        if reset is not None:
            reset()


os.register_at_fork(after_in_child=_reset_all)
