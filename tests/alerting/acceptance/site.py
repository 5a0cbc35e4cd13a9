"""Alertmanager's acceptance harness under a virtual clock: tell, deliver, collect within windows of time."""

import heapq
import itertools
import math
from collections.abc import Callable
from dataclasses import dataclass, field

from alerting.engine.alerts import Alert, Alerts, told
from alerting.engine.deduplication import Entry, Reason
from alerting.engine.dispatch import Delivery, Dispatcher, Log, LogKey, Routing
from alerting.engine.labels import label_set
from alerting.engine.retries import next_try_at
from alerting.engine.silences import Silence, new_silence
from alerting.types import LabelSet

#: Whether a try that begins now arrives, and how long it takes.
Answer = Callable[[float], tuple[bool, float]]


@dataclass(frozen=True)
class Seen:
    """What a message says of an alert; ``ends_at`` only when it is resolved."""

    labels: LabelSet
    starts_at: float
    ends_at: float | None = None
    annotations: LabelSet = ()


def seen(
    starts_at: float, ends_at: float | None = None, annotations: dict[str, str] | None = None, **labels: str
) -> Seen:
    return Seen(label_set(labels), starts_at, ends_at, label_set(annotations or {}))


def _seen(alert: Alert) -> Seen:
    return Seen(alert.labels, alert.starts_at, None if math.isinf(alert.ends_at) else alert.ends_at, alert.annotations)


@dataclass
class Collector:
    """Every message that arrived; ``check`` holds them against the windows, as the original does, and counts all."""

    got: list[tuple[float, frozenset[Seen], Reason]] = field(default_factory=list)
    wanted: list[tuple[float, float, frozenset[Seen]]] = field(default_factory=list)

    def want(self, start: float, end: float, *alerts: Seen) -> None:
        self.wanted.append((start, end, frozenset(alerts)))

    def check(self) -> None:
        for start, end, alerts in self.wanted:
            within = [batch for at, batch, _ in self.got if start <= at <= end]
            assert (alerts in within) if alerts else (within == []), (start, end, alerts, self.got)
        assert sum(len(alerts) for *_, alerts in self.wanted) == sum(len(batch) for _, batch, _ in self.got), self.got

    @property
    def reasons(self) -> list[Reason]:
        return [reason for *_, reason in self.got]


@dataclass
class Site:
    """One or several dispatchers over one log; ``channels`` maps a channel's name to what receives it."""

    routing: Routing
    collectors: dict[str, Collector]
    answers: dict[str, Answer] = field(default_factory=dict)
    size: int = 1
    starts_at: float = 0.0
    resolve_timeout_s: float = 300.0
    alerts: Alerts = field(default_factory=Alerts)
    silences: dict[str, Silence] = field(default_factory=dict)
    log: Log = field(default_factory=dict[LogKey, Entry])

    def __post_init__(self) -> None:
        self.events: list[tuple[float, int, Callable[[float], None]]] = []
        self.order = itertools.count()
        self.dispatchers = self._dispatchers(0.0)

    def _dispatchers(self, now: float) -> list[Dispatcher]:
        starts_at = max(now, self.starts_at)
        return [
            Dispatcher(self.routing, now, alerts=self.alerts, silences=self.silences, log=self.log, starts_at=starts_at)
            for _ in range(self.size)
        ]

    def do(self, at: float, act: Callable[[float], None]) -> None:
        heapq.heappush(self.events, (at, next(self.order), act))

    def push(
        self,
        at: float,
        starts_at: float | None = None,
        ends_at: float | None = None,
        annotations: dict[str, str] | None = None,
        **labels: str,
    ) -> None:
        def act(now: float) -> None:
            alert = told(
                labels,
                now,
                starts_at=starts_at,
                ends_at=ends_at,
                annotations=annotations or {},
                resolve_timeout_s=self.resolve_timeout_s,
            )
            for dispatcher in self.dispatchers:
                dispatcher.receive(alert, now)

        self.do(at, act)

    def silence(self, at: float, silence: Silence) -> None:
        self.do(at, lambda now: self.silences.update({silence.id: new_silence(silence, now)}))

    def reload(self, at: float) -> None:
        def act(now: float) -> None:
            self.dispatchers = self._dispatchers(now)

        self.do(at, act)

    def run(self, until: float = 20.0) -> None:
        """Everything that happens up to a moment, in order."""
        while True:
            flushes = [at for dispatcher in self.dispatchers if (at := dispatcher.next_at()) is not None]
            flush_at = min(flushes, default=math.inf)
            event_at = self.events[0][0] if self.events else math.inf
            if min(flush_at, event_at) > until:
                break
            if event_at <= flush_at:
                at, _, act = heapq.heappop(self.events)
                act(at)
            else:
                self._flush(flush_at)
        for collector in self.collectors.values():
            collector.check()

    def _flush(self, now: float) -> None:
        # One after the other, as the lock on the group's row makes them.
        for dispatcher in self.dispatchers:
            for delivery in dispatcher.flush(now):
                self._try(dispatcher, delivery, now, 1)

    def _try(self, dispatcher: Dispatcher, delivery: Delivery, now: float, tries: int) -> None:
        if dispatcher not in self.dispatchers:
            return
        channel = delivery.key[2]
        has_arrived, took_s = self.answers.get(channel, lambda at: (True, 0.0))(now)
        if has_arrived:
            batch = frozenset(_seen(alert) for alert in delivery.alerts)
            self.collectors[channel].got.append((now + took_s, batch, delivery.reason))
            dispatcher.sent(delivery, now + took_s)
            return
        again_at = next_try_at(tries=tries, started_at=now, ended_at=now + took_s, deadline_at=delivery.deadline_at)
        if again_at is not None:
            self.do(again_at, lambda at: self._try(dispatcher, delivery, at, tries + 1))
