"""Alerts into the groups that are told together.

Contract   An alert goes to a group of each of its routes, with the incident that it belongs to as a label. Two
           tellings of the same alert become one as ``alerting.engine.alerts`` has it. The groups' rows are locked.
Bound      A handful of statements, however many alerts.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final, NamedTuple

from alerting.engine.alerts import Alert, Alerts
from alerting.engine.dispatch import Routing, first_flush_at
from alerting.engine.labels import fingerprint, with_labels
from alerting.engine.routing import Route, group_key, group_labels, routes_for
from alerting.models import AlertGroup, GroupMember
from alerting.selectors.moments import epoch, moment
from alerting.selectors.routing import INCIDENT
from alerting.selectors.rules import labels_of
from alerting.services._changes import Told
from alerting.types import LabelSet

_CHUNK: Final = 1_000
_COLUMNS: Final = ("alert", "starts_at", "ends_at", "updated_at", "annotations")


class _Place(NamedTuple):
    """Where an alert is told: on a route, in a group."""

    mark: str
    route: Route
    alert: Alert
    alert_id: int


def group_mark(receiver: str, key: str) -> str:
    """What a group is known by; it outlives a change of the routes' order."""
    return fingerprint((("key", key), ("receiver", receiver)))


def receive(told: Sequence[Told], routing: Routing, now: float) -> None:
    """Put alerts into their groups."""
    places = [place for alert, row in told for place in _places(_of_incident(alert, row.incident_id), row.pk, routing)]
    groups = _groups(places, now)
    members = _members(groups.values(), places)
    for place in places:
        found = members.setdefault((groups[place.mark].pk, fingerprint(place.alert.labels)), (Alerts(), place))
        found[0].put(place.alert, now)
        members[groups[place.mark].pk, fingerprint(place.alert.labels)] = (found[0], place)
    rows = [_row(group_id, mark, one, place) for (group_id, mark), (one, place) in members.items()]
    GroupMember.objects.bulk_create(
        rows, _CHUNK, update_conflicts=True, unique_fields=["group", "fingerprint"], update_fields=_COLUMNS
    )


def alert_of(row: GroupMember) -> Alert:
    return Alert(
        labels_of(row.labels),
        epoch(row.starts_at),
        math.inf if row.ends_at is None else epoch(row.ends_at),
        epoch(row.updated_at),
        annotations=labels_of(row.annotations),
    )


def _of_incident(alert: Alert, incident_id: int | None) -> Alert:
    labels: LabelSet = with_labels(alert.labels, {INCIDENT: str(incident_id or "")})
    return replace(alert, labels=labels)


def _places(alert: Alert, alert_id: int, routing: Routing) -> list[_Place]:
    routes = routes_for(routing.root, alert.labels)
    return [
        _Place(group_mark(route.receiver, group_key(route, alert.labels)), route, alert, alert_id) for route in routes
    ]


def _groups(places: Iterable[_Place], now: float) -> dict[str, AlertGroup]:
    """Locked, made where there was none."""
    wanted = {place.mark: place for place in reversed(list(places))}
    found = _locked(list(wanted))
    missing = [_new_group(place, now) for mark, place in sorted(wanted.items()) if mark not in found]
    if missing:
        AlertGroup.objects.bulk_create(missing, _CHUNK, ignore_conflicts=True)
        found = _locked(list(wanted))
    return found


def _locked(marks: list[str]) -> dict[str, AlertGroup]:
    rows = AlertGroup.objects.select_for_update().filter(fingerprint__in=marks).order_by("pk")
    return {row.fingerprint: row for row in rows}


def _new_group(place: _Place, now: float) -> AlertGroup:
    return AlertGroup(
        route=place.route.receiver[:200],
        key=group_key(place.route, place.alert.labels),
        fingerprint=place.mark,
        labels=dict(group_labels(place.route, place.alert.labels)),
        next_at=moment(first_flush_at(place.route, place.alert, now)),
    )


def _members(groups: Iterable[AlertGroup], places: Sequence[_Place]) -> dict[tuple[int, str], tuple[Alerts, _Place]]:
    """What is known of the alerts, by group and mark."""
    by_mark = {fingerprint(place.alert.labels): place for place in places}
    rows = GroupMember.objects.filter(group__in=list(groups), fingerprint__in=list(by_mark))
    found: dict[tuple[int, str], tuple[Alerts, _Place]] = {}
    for row in rows:
        alerts = Alerts()
        # As of when it was written, so that a later telling decides.
        alerts.put(alert_of(row), epoch(row.updated_at))
        found[row.group_id, row.fingerprint] = (alerts, by_mark[row.fingerprint])
    return found


def _row(group_id: int, mark: str, alerts: Alerts, place: _Place) -> GroupMember:
    alert = alerts.all()[0]
    return GroupMember(
        group_id=group_id,
        alert_id=place.alert_id,
        fingerprint=mark,
        labels=dict(alert.labels),
        starts_at=moment(alert.starts_at),
        ends_at=None if math.isinf(alert.ends_at) else moment(alert.ends_at),
        updated_at=moment(alert.updated_at),
        annotations=dict(alert.annotations),
    )
