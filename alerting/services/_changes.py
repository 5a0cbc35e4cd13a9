"""From changes of state to times of firing, incidents, the timeline and the groups that are told.

Contract   One transaction with the evaluation. Every transition has a line in the timeline; a label set that begins
           to fire has one open alert until it ends. Somebody may end an alert by hand: then it begins anew when its
           severity rises, or when its condition has ended and comes back.
Bound      A handful of statements for each thousand changes.
"""

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from alerting.engine import alerts as telling
from alerting.engine.expressions import read_expression
from alerting.engine.handover import alerts_of
from alerting.engine.labels import fingerprint
from alerting.models import Alert, AlertRule, EntryKind, TimelineEntry
from alerting.selectors.moments import moment
from alerting.services._incidents import close_incidents, fold, refresh_incidents
from alerting.types import FIRING, Instance, Rule, Transition

_CHUNK: Final = 1_000
_FIELDS: Final = ("state", "severity", "value", "reason", "ended_at")


class Change(NamedTuple):
    """What one transition changed."""

    row: AlertRule
    rule: Rule
    before: Instance
    after: Instance
    transition: Transition


#: An alert as it is told, with the time of firing that it belongs to.
Told = tuple[telling.Alert, Alert]


def keep_changes(changes: Sequence[Change], now: float) -> list[Told]:
    """Write all that the changes mean.

    Returns: what the groups are to be told, an end before a beginning
    """
    open_alerts = _open_alerts(changes)
    begun, moved = _sorted(changes, open_alerts, now)
    Alert.objects.bulk_create(begun, _CHUNK)
    Alert.objects.bulk_update(moved, _FIELDS, _CHUNK)
    known = open_alerts | {alert.fingerprint: alert for alert in begun}
    fold(begun, now)
    _keep_lines(changes, known)
    refresh_incidents({alert.incident_id for alert in moved if not alert.ended_at and alert.incident_id}, now)
    close_incidents({alert.incident_id for alert in moved if alert.ended_at and alert.incident_id}, now)
    fresh = {alert.fingerprint for alert in begun}
    return [told for change in changes for told in _told(change, known, fresh)]


def _open_alerts(changes: Sequence[Change]) -> dict[str, Alert]:
    wanted = [fingerprint(one.before.labels) for one in changes if one.before.state in FIRING]
    return {one.fingerprint: one for one in Alert.objects.filter(fingerprint__in=wanted, ended_at=None)}


def _sorted(changes: Sequence[Change], open_alerts: Mapping[str, Alert], now: float) -> tuple[list[Alert], list[Alert]]:
    """The alerts that begin, and those that change or end."""
    begun: list[Alert] = []
    moved: list[Alert] = []
    for change in changes:
        alert = open_alerts.get(fingerprint(change.before.labels))
        if alert is not None:
            _move(alert, change, now)
            moved.append(alert)
        elif _begins(change):
            begun.append(_begun(change, now))
    return begun, moved


def _begins(change: Change) -> bool:
    """Of a label set without an open alert: it begins to fire, or gets worse after somebody ended it by hand."""
    before, after = change.before, change.after
    return after.state in FIRING and (before.state not in FIRING or after.severity > before.severity)


def _begun(change: Change, now: float) -> Alert:
    after = change.after
    return Alert(
        rule=change.row,
        rule_name=change.rule.name,
        fingerprint=fingerprint(after.labels),
        labels=dict(after.labels),
        series=read_expression(change.rule.expression).names[0][:64],
        state=after.state.value,
        severity=after.severity,
        value=after.value,
        reason=change.transition.reason[:500],
        started_at=moment(now),
    )


def _move(alert: Alert, change: Change, now: float) -> None:
    after = change.after
    alert.state, alert.severity, alert.value = after.state.value, after.severity, after.value
    alert.reason = change.transition.reason[:500]
    if after.state not in FIRING:
        alert.ended_at = moment(now)


def _keep_lines(changes: Sequence[Change], known: Mapping[str, Alert]) -> None:
    lines = []
    for change in changes:
        transition = change.transition
        alert = known.get(fingerprint(transition.labels))
        facts = {
            "before": transition.before.value,
            "after": transition.after.value,
            "severity": transition.severity.name.lower(),
            "value": transition.value,
            "labels": dict(transition.labels),
        }
        lines.append(
            TimelineEntry(
                at=moment(transition.at),
                kind=EntryKind.TRANSITION,
                text=transition.reason,
                rule=change.row,
                alert=alert,
                incident_id=alert.incident_id if alert else None,
                facts=facts,
            )
        )
    TimelineEntry.objects.bulk_create(lines, _CHUNK)


def _told(change: Change, known: Mapping[str, Alert], fresh: set[str]) -> list[Told]:
    """An end is told of alerts that were open, a beginning of those that are now."""
    mark = fingerprint(change.before.labels)
    alert = known.get(mark)
    if alert is None:
        return []
    found = alerts_of(change.rule, change.before, change.after, change.transition)
    if mark in fresh:
        found = [one for one in found if not one.is_resolved(change.transition.at)]
    return [(one, alert) for one in found]
