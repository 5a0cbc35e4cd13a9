"""Alerts as the notifications know them: a label set and the time in which it fires.

Contract   ``merged`` keeps the earliest start, the annotations of the newest, and the latest end that was really told;
           an end that is only a time-out gives way. Alerts whose times don't meet are different ones: the later
           replaces. A re-fired alert is a new one.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from alerting.engine.labels import label_set
from alerting.errors import RoutingInvalid
from alerting.types import LabelSet

RESOLVE_TIMEOUT_S: Final = 300.0


@dataclass(frozen=True, slots=True)
class Alert:
    """``is_timeout`` says that nobody told the end: it resolves then unless it is told again."""

    labels: LabelSet
    starts_at: float
    ends_at: float
    updated_at: float
    is_timeout: bool = False
    annotations: LabelSet = ()

    def is_resolved(self, now: float) -> bool:
        return self.ends_at <= now


def told(
    labels: Mapping[str, str] | LabelSet,
    now: float,
    *,
    starts_at: float | None = None,
    ends_at: float | None = None,
    annotations: Mapping[str, str] | LabelSet = (),
    resolve_timeout_s: float = RESOLVE_TIMEOUT_S,
) -> Alert:
    """An alert as somebody tells it now.

    Raises: RoutingInvalid
    """
    found = label_set(labels)
    if not found:
        raise RoutingInvalid("An alert has at least one label that isn't empty.", field="labels")
    start = starts_at if starts_at is not None else now if ends_at is None else ends_at
    if ends_at is not None and ends_at < start:
        raise RoutingInvalid("An alert can't end before it starts.", field="ends_at")
    end = now + resolve_timeout_s if ends_at is None else ends_at
    return Alert(found, start, end, now, ends_at is None, label_set(annotations))


def merged(one: Alert, other: Alert, now: float) -> Alert:
    """Two tellings of the same label set as one."""
    older, newer = (other, one) if other.updated_at < one.updated_at else (one, other)
    ends_at = newer.ends_at
    if newer.is_resolved(now):
        if older.is_resolved(now):
            ends_at = max(older.ends_at, newer.ends_at)
    elif older.ends_at > newer.ends_at and not older.is_timeout:
        ends_at = older.ends_at
    return replace(newer, starts_at=min(older.starts_at, newer.starts_at), ends_at=ends_at)


def _meets(one: Alert, other: Alert) -> bool:
    return other.starts_at < one.ends_at < other.ends_at or other.starts_at < one.starts_at < other.ends_at


class Alerts:
    """The newest alert of each label set."""

    def __init__(self) -> None:
        self._alerts: Final[dict[LabelSet, Alert]] = {}

    def put(self, alert: Alert, now: float) -> Alert:
        """What is known of it from now on."""
        before = self._alerts.get(alert.labels)
        if before is not None and _meets(alert, before):
            alert = merged(before, alert, now)
        self._alerts[alert.labels] = alert
        return alert

    def all(self) -> list[Alert]:
        return list(self._alerts.values())

    def forget_resolved(self, now: float) -> None:
        for labels in [labels for labels, alert in self._alerts.items() if alert.is_resolved(now)]:
            del self._alerts[labels]
