"""Facts about alerting; ids and plain values only."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DeliveryQueued:
    """A message waits for its channel."""

    channel_id: int


@dataclass(frozen=True, slots=True)
class EventsQueued:
    """Events wait for an integrator's endpoint, whose channel it is."""

    channel_id: int


@dataclass(frozen=True, slots=True)
class DeliveryEnded:
    """A message has reached its receiver, or never will. ``key`` and ``source`` are of whoever queued it."""

    delivery_id: int
    key: str
    source: str
    is_delivered: bool


@dataclass(frozen=True, slots=True)
class EscalationRaised:
    """Nobody acknowledged in time: ``key`` is of who began the escalation, ``severity`` the higher one."""

    key: str
    severity: int


@dataclass(frozen=True, slots=True)
class NotificationsChanged:
    """Somebody's list of notifications has a new line, or one was read."""

    user_id: int


@dataclass(frozen=True, slots=True)
class AlertsChanged:
    """Alerts began, changed or ended, or people did something with them."""

    count: int
