"""Takes what Alertmanager tells: its alerts fire, are folded into incidents and told as those of our own rules.

Contract   Told again, an alert changes nothing, however often and by however many Alertmanagers: one time of firing is
           its labels and its start. A time of firing that has ended, or that somebody ended by hand, doesn't begin
           again; an end that comes late doesn't end a later one. While alerting is stopped alerts are kept, and told
           once it is started.
           The row of the engine is held, as in a round, so that incidents are folded by one at a time.
Publishes  AlertsChanged when something began or ended
Bound      A handful of statements, however many alerts.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.db import transaction

from alerting.engine import alerts as telling
from alerting.engine.foreign import ForeignAlert
from alerting.events import AlertsChanged
from alerting.models import Alert, AlertingEngine, EntryKind, TimelineEntry
from alerting.selectors.moments import epoch, moment
from alerting.selectors.routing import current_routing
from alerting.selectors.rules import all_rules
from alerting.selectors.switch import settings_of
from alerting.services._ending_rules import end_alerts
from alerting.services._groups import receive
from alerting.services._incidents import fold
from alerting.types import State
from common import clock
from common.bus import publish_on_commit

ACTOR: Final = "Alertmanager"
_OVER: Final = "Alertmanager says that it is over."
_CHUNK: Final = 1_000


@dataclass(frozen=True, slots=True)
class Taken:
    """How many began, how many ended, and how many told nothing new."""

    begun: int
    ended: int
    known: int


def take_foreign_alerts(*, alerts: Sequence[ForeignAlert]) -> Taken:
    """Begin those that fire and aren't known, end those that are over."""
    now = clock.now().timestamp()
    newest = {alert.mark: alert for alert in alerts}
    with transaction.atomic():
        AlertingEngine.objects.get_or_create(pk=1)
        engine = AlertingEngine.objects.select_for_update().get(pk=1)
        fires = {row.fingerprint: row for row in Alert.objects.filter(fingerprint__in=newest, ended_at=None)}
        begun = _begun(newest, fires)
        _say_anew(newest, fires)
        ended = _end(newest, fires)
        if begun:
            _begin(begun, newest, now)
            told = [(_told(newest[row.fingerprint], now), row) for row in begun]
            receive(told, current_routing(settings_of(engine), all_rules()), now)
        if begun or ended:
            publish_on_commit(AlertsChanged(len(begun) + ended))
    return Taken(len(begun), ended, len(alerts) - len(begun) - ended)


def _begun(newest: dict[str, ForeignAlert], fires: dict[str, Alert]) -> list[Alert]:
    """Rows of those that fire for the first time since their start."""
    fresh = {mark: one for mark, one in newest.items() if one.is_firing and mark not in fires}
    starts = [one.started_at for one in fresh.values()]
    ended = Alert.objects.filter(started_at__in=starts, fingerprint__in=fresh, ended_at__isnull=False)
    over = set(ended.values_list("fingerprint", "started_at"))
    return [_row(mark, one) for mark, one in fresh.items() if (mark, one.started_at) not in over]


def _row(mark: str, alert: ForeignAlert) -> Alert:
    return Alert(
        rule_name=alert.name[:80],
        fingerprint=mark,
        labels=dict(alert.own_labels),
        state=State.ALERTING.value,
        severity=alert.severity,
        reason=alert.reason[:500],
        started_at=alert.started_at,
    )


def _begin(begun: list[Alert], newest: dict[str, ForeignAlert], now: float) -> None:
    Alert.objects.bulk_create(begun, _CHUNK)
    fold(begun, now)
    TimelineEntry.objects.bulk_create(
        (
            TimelineEntry(
                at=moment(now),
                kind=EntryKind.TRANSITION,
                text=row.reason,
                alert=row,
                incident_id=row.incident_id,
                actor=ACTOR,
                facts={"after": row.state, "labels": row.labels, "source": newest[row.fingerprint].source_url},
            )
            for row in begun
        ),
        _CHUNK,
    )


def _say_anew(newest: dict[str, ForeignAlert], fires: dict[str, Alert]) -> None:
    """The figures in the words of an alert that goes on firing may have changed."""
    moved = []
    for mark, row in fires.items():
        reason = newest[mark].reason[:500]
        if newest[mark].is_firing and row.reason != reason:
            row.reason = reason
            moved.append(row)
    Alert.objects.bulk_update(moved, ["reason"], _CHUNK)


def _end(newest: dict[str, ForeignAlert], fires: dict[str, Alert]) -> int:
    over = [
        row.pk
        for mark, row in fires.items()
        if not newest[mark].is_firing and row.started_at <= newest[mark].started_at
    ]
    if not over:
        return 0
    count = end_alerts(Alert.objects.filter(pk__in=over), reason=_OVER, actor=ACTOR)
    Alert.objects.filter(pk__in=over).update(state=State.NORMAL.value)
    return count


def _told(alert: ForeignAlert, now: float) -> telling.Alert:
    return telling.Alert(alert.told_labels, epoch(alert.started_at), math.inf, now, annotations=alert.words)
