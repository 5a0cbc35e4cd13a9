"""How many tasks a worker reserves, changed while it runs.

Contract   ``worker_prefetch`` is tasks for each child of the pool; the consumer takes the new count before it asks for
           its next message. What was reserved before is worked off.
"""

from typing import Any

from celery.signals import worker_ready

from common.tuning.reading import on_change, tuned


@worker_ready.connect(weak=False)
def _follow(sender: Any = None, **kwargs: Any) -> None:
    """``sender`` is the consumer, whose ``qos`` is thread-safe."""
    if getattr(sender, "qos", None) is not None:
        on_change("worker_prefetch", lambda _: reserve(sender))
        # What was set before the worker began was told when nobody listened yet.
        reserve(sender)


def reserve(consumer: Any) -> None:
    wanted = int(tuned("worker_prefetch", 1.0)) * max(1, consumer.pool.num_processes)
    more = wanted - consumer.qos.value
    if more > 0:
        consumer.qos.increment_eventually(more)
    elif more < 0:
        consumer.qos.decrement_eventually(-more)
