"""Granian, from a process that has imported the site before it forks those that answer: `python -m` this.

Why        A process that was killed, or ended for its memory, has a successor at once instead of after the two seconds
           of an import; a whole server starts with the work of one import however many processes it has; and
           what was imported is in memory once.
Contract   Nothing is begun before the fork: no thread, no connection. What belongs to one process is made anew by
           the hooks of ``os.register_at_fork``, as it is for the children of Celery.
"""

import gc

from granian.cli import entrypoint

import opinion_market.asgi  # noqa: F401  imported here for those who are forked


def main() -> None:
    # Looking at objects would copy the pages that the processes share.
    gc.collect()
    gc.freeze()
    entrypoint()  # type: ignore[no-untyped-call]


if __name__ == "__main__":
    main()
