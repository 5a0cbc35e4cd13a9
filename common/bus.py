"""Facts travel upward: a service publishes, apps above subscribe.

Contract   Subscribers run after the transaction commits, in the order they subscribed. A failing
           one is logged and does not stop the others, so a sweep must be able to do its work later.
"""

from collections import defaultdict
from collections.abc import Callable
from typing import Any, TypeVar

from django.db import transaction

Event = TypeVar("Event")
_handlers: dict[type, list[Callable[[Any], None]]] = defaultdict(list)


def subscribe(event_type: type[Event]) -> Callable[[Callable[[Event], None]], Callable[[Event], None]]:
    """Register the decorated function for events of exactly this type."""

    def register(handler: Callable[[Event], None]) -> Callable[[Event], None]:
        if handler not in _handlers[event_type]:
            _handlers[event_type].append(handler)
        return handler

    return register


def publish_on_commit(event: object) -> None:
    own = transaction.get_connection()
    for handler in _handlers[type(event)]:
        own.on_commit(_called(handler, event), robust=True)


def _called(handler: Callable[[Any], None], event: object) -> Callable[[], None]:
    # A named function, not a partial: Django reads __qualname__ when a robust hook fails.
    def run() -> None:
        handler(event)

    return run
