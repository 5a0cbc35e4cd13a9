"""Granian, from a process that has imported the site before it forks those that answer: `python -m` this.

Why        A process that was killed, or ended for its memory, has a successor at once instead of after the two seconds
           of an import; a whole server starts with the work of one import however many processes it has; and
           what was imported is in memory once.
Contract   Nothing is begun before the fork: no thread, no connection. What belongs to one process is made anew by
           the hooks of ``os.register_at_fork``, as it is for the children of Celery.
           SIGTERM drains a process before Granian ends it (``draining``); SIGINT leaves out the grace.
"""

import asyncio
import gc
import signal
from typing import Any, Final

from django.conf import settings
from granian import _signals
from granian.cli import entrypoint

from opinion_market.asgi import bridge  # the site is imported here for those who are forked
from opinion_market.draining import Drain

_set_loop_signals: Final = _signals.set_loop_signals


def _drain_first(loop: asyncio.AbstractEventLoop) -> Any:
    """Granian's own handlers, with a drain between SIGTERM and its event."""
    ended = _set_loop_signals(loop)  # type: ignore[no-untyped-call]
    drain = Drain(
        grace_s=settings.DRAIN_GRACE_S,
        finish_s=settings.DRAIN_FINISH_S,
        is_busy=lambda: bridge.is_busy,
        done=ended.set,
    )
    loop.add_signal_handler(signal.SIGTERM, drain.begin)
    loop.add_signal_handler(signal.SIGINT, drain.hurry)
    return ended


def main() -> None:
    _signals.set_loop_signals = _drain_first
    # Looking at objects would copy the pages that the processes share.
    gc.collect()
    gc.freeze()
    entrypoint()  # type: ignore[no-untyped-call]


if __name__ == "__main__":
    main()
