"""Groups of alerts and their timers: when which channel is to be told what.

Contract   A new group waits ``group_wait_s``, or not at all when its first alert has fired for longer than that. From
           then on it is flushed each ``group_interval_s``, and only then: a repeat is found at the first flush after
           ``repeat_interval_s``. An alert that fires and resolves between two flushes is never told. A resolved alert
           leaves its group once every channel was told, or needs not be; an empty group ends. Nothing is flushed
           before ``starts_at``, so that after a start alerts and silences are told first. The caller delivers what
           ``flush`` answers and says ``sent``, or nothing when it could not before the deadline. It holds one lock per
           group from ``flush`` to ``sent``, which keeps several dispatchers over one log from telling twice.
Bound      Alerts times routes.
"""

import hashlib
import math
from collections.abc import Mapping, MutableMapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from alerting.engine.alerts import Alert, Alerts
from alerting.engine.deduplication import Entry, Reason, send_reason
from alerting.engine.inhibition import Inhibition
from alerting.engine.pipeline import Suppression, Surroundings, suppression_of, visible
from alerting.engine.routing import Route, group_key, group_labels, routes_for
from alerting.engine.silences import Silence
from alerting.types import LabelSet

#: Group, receiver and channel.
LogKey = tuple[str, str, str]
Log = MutableMapping[LogKey, Entry]


@dataclass(frozen=True, slots=True)
class Channel:
    name: str
    sends_resolved: bool = True


@dataclass(frozen=True, slots=True)
class Routing:
    """All that is configured: who is told how of what, and what inhibits what."""

    root: Route
    receivers: Mapping[str, tuple[Channel, ...]]
    inhibitions: tuple[Inhibition, ...] = ()


@dataclass(frozen=True, slots=True)
class Delivery:
    """One message for one channel, to be tried until ``deadline_at``. Alerts that fire end at infinity.

    ``firing`` and ``resolved`` are what the log will say, which may be more than is sent.
    """

    key: LogKey
    alerts: tuple[Alert, ...]
    reason: Reason
    flushed_at: float
    deadline_at: float
    firing: frozenset[LabelSet]
    resolved: frozenset[LabelSet]

    @property
    def id(self) -> str:
        """The same for every try, so that a receiver that remembers ids shows the message once."""
        text = "\0".join((*self.key, repr(self.flushed_at)))
        return hashlib.sha256(text.encode()).hexdigest()[:32]


@dataclass(slots=True)
class Group:
    route: Route
    key: str
    labels: LabelSet
    next_at: float
    alerts: dict[LabelSet, Alert] = field(default_factory=dict)
    #: Of the last flush: channels that have not been told yet, and what it saw resolved.
    open: set[LogKey] = field(default_factory=set)
    ended: list[Alert] = field(default_factory=list)


class Dispatcher:
    """``alerts``, ``silences`` and ``log`` outlive it: another one with a new routing goes on with them."""

    def __init__(
        self,
        routing: Routing,
        now: float,
        *,
        alerts: Alerts | None = None,
        silences: dict[str, Silence] | None = None,
        log: Log | None = None,
        starts_at: float | None = None,
    ) -> None:
        self.routing: Final = routing
        self.alerts: Final = Alerts() if alerts is None else alerts
        self.silences: Final[dict[str, Silence]] = {} if silences is None else silences
        self.log: Final[Log] = {} if log is None else log
        self.groups: Final[dict[tuple[str, LabelSet], Group]] = {}
        self._starts_at: Final = now if starts_at is None else starts_at
        for alert in self.alerts.all():
            self._insert(alert, now)

    def receive(self, alert: Alert, now: float) -> None:
        self._insert(self.alerts.put(alert, now), now)

    def next_at(self) -> float | None:
        """When ``flush`` has something to do; may be in the past."""
        return min((max(group.next_at, self._starts_at) for group in self.groups.values()), default=None)

    def flush(self, now: float) -> list[Delivery]:
        """What the groups that are due have to tell."""
        found: list[Delivery] = []
        if now >= self._starts_at:
            due = [group for group in self.groups.values() if group.next_at <= now]
            for group in sorted(due, key=lambda one: (one.next_at, one.key)):
                found += self._flush(group, now)
        return found

    def sent(self, delivery: Delivery, now: float) -> None:
        """The channel was told."""
        self.log[delivery.key] = Entry(now, delivery.firing, delivery.resolved)
        for group in [one for one in self.groups.values() if delivery.key in one.open]:
            group.open.discard(delivery.key)
            self._close(group)

    def suppressions(self, alert: Alert, now: float) -> list[Suppression]:
        """What keeps an alert from being told, on each of its routes."""
        around = self.surroundings(now)
        found = (suppression_of(alert, route, around) for route in routes_for(self.routing.root, alert.labels))
        return [one for one in found if one is not None]

    def _insert(self, alert: Alert, now: float) -> None:
        for route in routes_for(self.routing.root, alert.labels):
            place = (route.id, group_labels(route, alert.labels))
            group = self.groups.get(place)
            if group is None:
                group = Group(route, group_key(route, alert.labels), place[1], first_flush_at(route, alert, now))
                self.groups[place] = group
            group.alerts[alert.labels] = alert

    def _flush(self, group: Group, now: float) -> list[Delivery]:
        group.next_at = now + group.route.group_interval_s
        alerts = [_as_of(alert, now) for _, alert in sorted(group.alerts.items())]
        group.ended = [alert for alert in alerts if alert.is_resolved(now)]
        group.open = set()
        shown = visible(alerts, group.route, self.surroundings(now))
        found: list[Delivery] = []
        for channel in self.routing.receivers.get(group.route.receiver, ()) if shown else ():
            delivery = self._delivery(group, channel, shown, now)
            if delivery is not None:
                group.open.add(delivery.key)
                found.append(delivery)
        self._close(group)
        return found

    def _delivery(self, group: Group, channel: Channel, shown: Sequence[Alert], now: float) -> Delivery | None:
        key = (group.key, group.route.receiver, channel.name)
        firing = frozenset(alert.labels for alert in shown if not alert.is_resolved(now))
        resolved = frozenset(alert.labels for alert in shown if alert.is_resolved(now))
        reason = send_reason(
            self.log.get(key),
            firing,
            resolved,
            repeat_interval_s=group.route.repeat_interval_s,
            sends_resolved=channel.sends_resolved,
            now=now,
        )
        if reason is None:
            return None
        if not firing and not channel.sends_resolved:
            self.log[key] = Entry(now, firing, resolved)
            return None
        told = shown if channel.sends_resolved else [alert for alert in shown if alert.labels in firing]
        return Delivery(key, tuple(told), reason, now, group.next_at, firing, resolved)

    def _close(self, group: Group) -> None:
        """Let go of what was resolved at the last flush and has not been told anew, once no channel is open."""
        if group.open:
            return
        for alert in group.ended:
            known = group.alerts.get(alert.labels)
            if known is not None and known.updated_at == alert.updated_at:
                del group.alerts[alert.labels]
        group.ended = []
        if not group.alerts:
            self.groups.pop((group.route.id, group.labels), None)

    def surroundings(self, now: float) -> Surroundings:
        """What the stages of the pipeline look at."""
        return Surroundings(self.alerts.all(), self.routing.inhibitions, tuple(self.silences.values()), now)


def first_flush_at(route: Route, alert: Alert, now: float) -> float:
    """When a group is looked at first that begins with this alert."""
    is_late = alert.starts_at + route.group_wait_s < now
    return now if is_late else now + route.group_wait_s


def _as_of(alert: Alert, now: float) -> Alert:
    """As it is now: what fires must not resolve while it is on its way."""
    return alert if alert.is_resolved(now) else replace(alert, ends_at=math.inf)
