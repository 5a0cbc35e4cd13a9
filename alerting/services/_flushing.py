"""Looks at groups that are due, as ``alerting.engine.dispatch`` has it, and queues what they have to tell.

Contract   The groups' rows are locked from before they are read until what they tell is queued, in one transaction:
           several dispatchers never tell twice, and a crash tells nothing by half. A queued message counts as told;
           one that is given up is taken back by ``take_back_notice`` and is news at the next look.
Bound      ``BATCH`` groups and a handful of statements a call, beside one for each message.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from alerting.engine.alerts import Alert
from alerting.engine.deduplication import Entry
from alerting.engine.dispatch import Delivery, Dispatcher, Group, LogKey, Routing
from alerting.engine.labels import fingerprint
from alerting.engine.pipeline import STAGES
from alerting.engine.routing import Route, all_routes
from alerting.models import Alert as AlertRow
from alerting.models import AlertGroup, GroupMember, ToldLog
from alerting.selectors.moments import epoch, moment
from alerting.selectors.routing import current_silences
from alerting.selectors.rules import labels_of
from alerting.services._group_messages import queue_notice
from alerting.services._groups import alert_of, receive
from alerting.types import LabelSet

BATCH: Final = 200
_CHUNK: Final = 1_000


@dataclass(slots=True)
class _Loaded:
    """A group with its row and its members' rows by labels."""

    row: AlertGroup
    group: Group
    members: dict[LabelSet, GroupMember]


def flush_due(routing: Routing, now: float) -> int:
    """Within a transaction: look at up to ``BATCH`` groups that are due.

    Returns: how many were looked at; fewer than ``BATCH`` when none is left, or others hold them
    """
    rows = _due_rows(now)
    if not rows:
        return 0
    loaded = _loaded(rows, routing, now)
    dispatcher = Dispatcher(routing, now, silences=current_silences(now), log=_log(loaded))
    for one in loaded:
        dispatcher.groups[one.group.route.id, one.group.labels] = one.group
    for alert in _everything(routing, loaded):
        dispatcher.alerts.put(alert, now)
    _keep_suppressions(dispatcher, loaded, now)
    before = dict(dispatcher.log)
    deliveries = dispatcher.flush(now)
    by_key = _by_key(loaded)
    for delivery in deliveries:
        queue_notice(delivery, by_key[delivery.key[:2]].members)
        dispatcher.sent(delivery, now)
    _keep(dispatcher, loaded, before, deliveries)
    return len(rows)


def _due_rows(now: float) -> list[AlertGroup]:
    due = AlertGroup.objects.select_for_update(skip_locked=True).filter(next_at__lte=moment(now))
    return list(due.order_by("next_at", "pk")[:BATCH])


def _loaded(rows: Sequence[AlertGroup], routing: Routing, now: float) -> list[_Loaded]:
    """Groups of routes that are no more give their alerts to those that are."""
    members: dict[int, list[GroupMember]] = {}
    for row in GroupMember.objects.filter(group__in=rows).select_related("alert"):
        members.setdefault(row.group_id, []).append(row)
    routes = {(route.receiver, route.key): route for route in all_routes(routing.root)}
    found: list[_Loaded] = []
    for group in rows:
        route = _route_of(group, routes)
        mine = members.get(group.pk, [])
        if route is None:
            _move_on(group, mine, routing, now)
        else:
            found.append(_one(group, route, mine))
    return found


def _route_of(row: AlertGroup, routes: Mapping[tuple[str, str], Route]) -> Route | None:
    return next(
        (
            route
            for (receiver, key), route in routes.items()
            if receiver == row.route and row.key.startswith(f"{key}:{{")
        ),
        None,
    )


def _move_on(row: AlertGroup, members: Sequence[GroupMember], routing: Routing, now: float) -> None:
    firing = [(alert_of(one), one.alert) for one in members if one.alert is not None and one.ends_at is None]
    row.delete()
    receive(firing, routing, now)


def _one(row: AlertGroup, route: Route, members: Sequence[GroupMember]) -> _Loaded:
    by_labels = {labels_of(one.labels): one for one in members}
    group = Group(route, row.key, labels_of(row.labels), epoch(row.next_at))
    group.alerts = {labels: alert_of(one) for labels, one in by_labels.items()}
    return _Loaded(row, group, by_labels)


def _log(loaded: Sequence[_Loaded]) -> dict[LogKey, Entry]:
    """What was told, with fingerprints in place of labels that the group has no more."""
    by_mark = {one.row.fingerprint: one for one in loaded}
    found: dict[LogKey, Entry] = {}
    for row in ToldLog.objects.filter(group_key__in=by_mark):
        one = by_mark[row.group_key]
        labels = {member.fingerprint: known for known, member in one.members.items()}
        firing, resolved = (
            frozenset(labels.get(mark, (("fingerprint", mark),)) for mark in marks)
            for marks in (row.firing, row.resolved)
        )
        found[one.group.key, row.receiver, row.channel] = Entry(epoch(row.at), firing, resolved)
    return found


def _everything(routing: Routing, loaded: Sequence[_Loaded]) -> Iterable[Alert]:
    """All that fires, which inhibitions look at; nothing without any."""
    if not routing.inhibitions:
        return []
    others = GroupMember.objects.filter(ends_at=None).exclude(group__in=[one.row for one in loaded])
    mine = [alert for one in loaded for alert in one.group.alerts.values()]
    return [*mine, *(alert_of(row) for row in others.iterator(chunk_size=_CHUNK))]


def _keep_suppressions(dispatcher: Dispatcher, loaded: Sequence[_Loaded], now: float) -> None:
    """Note of each alert what keeps it from being told."""
    changed: dict[int, AlertRow] = {}
    for one in loaded:
        for labels, member in one.members.items():
            alert = one.group.alerts[labels]
            if member.alert is None or alert.is_resolved(now):
                continue
            found = _suppression(dispatcher, alert, one.group.route, now)
            if member.alert.suppressed != found:
                member.alert.suppressed = found
                changed[member.alert.pk] = member.alert
    AlertRow.objects.bulk_update(changed.values(), ["suppressed"], _CHUNK)


def _suppression(dispatcher: Dispatcher, alert: Alert, route: Route, now: float) -> str:
    around = dispatcher.surroundings(now)
    return next((name.value for name, stage in STAGES.items() if stage(alert, route, around)), "")


def _keep(
    dispatcher: Dispatcher, loaded: Sequence[_Loaded], before: Mapping[LogKey, Entry], deliveries: Sequence[Delivery]
) -> None:
    keys = {delivery.key: delivery.id for delivery in deliveries}
    by_key = _by_key(loaded)
    changed = {key: entry for key, entry in dispatcher.log.items() if before.get(key) != entry}
    ToldLog.objects.bulk_create(
        [_entry_row(by_key[key[:2]].row.fingerprint, key, entry, keys.get(key, "")) for key, entry in changed.items()],
        _CHUNK,
        update_conflicts=True,
        unique_fields=["group_key", "receiver", "channel"],
        update_fields=["at", "firing", "resolved", "message_key"],
    )
    ended = [one.row.pk for one in loaded if (one.group.route.id, one.group.labels) not in dispatcher.groups]
    gone = [member.pk for one in loaded for labels, member in one.members.items() if labels not in one.group.alerts]
    GroupMember.objects.filter(pk__in=gone).delete()
    AlertGroup.objects.filter(pk__in=ended).delete()
    for one in loaded:
        one.row.next_at = moment(one.group.next_at)
    AlertGroup.objects.bulk_update([one.row for one in loaded if one.row.pk not in ended], ["next_at"], _CHUNK)


def _by_key(loaded: Sequence[_Loaded]) -> dict[tuple[str, str], _Loaded]:
    """By group and receiver, the first two of what the log is kept by."""
    return {(one.group.key, one.group.route.receiver): one for one in loaded}


def _entry_row(mark: str, key: LogKey, entry: Entry, message_key: str) -> ToldLog:
    return ToldLog(
        group_key=mark,
        receiver=key[1],
        channel=key[2],
        at=moment(entry.at),
        firing=[_mark(labels) for labels in sorted(entry.firing)],
        resolved=[_mark(labels) for labels in sorted(entry.resolved)],
        message_key=message_key,
    )


def _mark(labels: LabelSet) -> str:
    return labels[0][1] if len(labels) == 1 and labels[0][0] == "fingerprint" else fingerprint(labels)
