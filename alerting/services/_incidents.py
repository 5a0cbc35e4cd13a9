"""Folds alerts into incidents, and closes those of which nothing fires any more."""

from collections.abc import Collection, Sequence
from typing import Final

from django.db.models import Exists, Max, OuterRef

from alerting.engine.correlation import STORM, WINDOW_S, Fact, incident_of, probable_cause
from alerting.models import Alert, EntryKind, Incident, IncidentStatus, TimelineEntry
from alerting.selectors.moments import epoch, moment
from alerting.selectors.rules import labels_of
from alerting.selectors.together import rules_together
from alerting.services._escalating import end_escalation, escalate
from alerting.types import Severity
from monitoring.services.record_event import record_event

_CHUNK: Final = 1_000
#: Alerts of one incident that its cause is sought among.
_FACTS_MAX: Final = 200


def fold(begun: Sequence[Alert], now: float) -> None:
    """Give each new alert its incident; ``incident`` of the alerts is set and stored."""
    if not begun:
        return
    touched = _storm(begun, now) if len(begun) > STORM else _one_by_one(begun, now)
    Alert.objects.bulk_update(begun, ["incident"], _CHUNK)
    for incident in touched:
        incident.last_at = moment(now)
        _refresh(incident, now)
        escalate(incident)


def refresh_incidents(ids: Collection[int], now: float) -> None:
    """After alerts of theirs have changed."""
    for incident in Incident.objects.filter(pk__in=ids, ended_at=None):
        worse = incident.severity
        _refresh(incident, now)
        if incident.severity > worse:
            escalate(incident)


def close_incidents(ids: Collection[int], now: float) -> None:
    """Resolve those without an alert that fires."""
    firing = Alert.objects.filter(incident=OuterRef("pk"), ended_at=None)
    for incident in Incident.objects.filter(pk__in=ids, ended_at=None).exclude(Exists(firing)):
        incident.status, incident.ended_at = IncidentStatus.RESOLVED, moment(now)
        incident.save(update_fields=["status", "ended_at"])
        line = "Nothing of it fires any more."
        TimelineEntry.objects.create(at=moment(now), kind=EntryKind.RESOLVED, text=line, incident=incident)
        end_escalation(incident, line)


def _storm(begun: Sequence[Alert], now: float) -> list[Incident]:
    incident = _new_incident(begun[0], now, f"{len(begun)} alerts at once")
    for alert in begun:
        alert.incident = incident
    return [incident]


def _one_by_one(begun: Sequence[Alert], now: float) -> list[Incident]:
    incidents = _open_incidents(now)
    known = {one.pk: [_fact(alert) for alert in alerts] for one, alerts in incidents.values()}
    by_id = {one.pk: one for one, _ in incidents.values()}
    together = rules_together({alert.rule_name for alert in begun}, moment(now))
    touched: dict[int, Incident] = {}
    for alert in begun:
        fact = _fact(alert)
        found = incident_of(fact, known, together)
        incident = _new_incident(alert, now, _title(alert)) if found is None else by_id[found]
        if found is not None:
            _join(incident, alert, now)
        by_id[incident.pk] = touched[incident.pk] = incident
        known.setdefault(incident.pk, []).append(fact)
        alert.incident = incident
    return list(touched.values())


def _open_incidents(now: float) -> dict[int, tuple[Incident, list[Alert]]]:
    since = moment(now - WINDOW_S)
    found = {one.pk: (one, list[Alert]()) for one in Incident.objects.filter(ended_at=None, last_at__gte=since)}
    for alert in Alert.objects.filter(incident_id__in=found, started_at__gte=since):
        found[alert.incident_id or 0][1].append(alert)
    return found


def _new_incident(alert: Alert, now: float, title: str) -> Incident:
    incident = Incident.objects.create(
        title=title[:200], severity=alert.severity, started_at=moment(now), last_at=moment(now)
    )
    record_event(
        kind="alert",
        title=title[:120],
        detail=alert.reason,
        series=alert.series,
        at=moment(now),
        key=f"incident:{incident.pk}",
    )
    return incident


def _join(incident: Incident, alert: Alert, now: float) -> None:
    text = f"{_title(alert)} belongs to it."
    TimelineEntry.objects.create(at=moment(now), kind=EntryKind.JOINED, text=text, incident=incident, alert=alert)


def _refresh(incident: Incident, now: float) -> None:
    """Its severity, its newest alert, and its probable cause."""
    alerts = Alert.objects.filter(incident=incident)
    worst = alerts.aggregate(worst=Max("severity"))["worst"] or incident.severity
    if worst > incident.severity and incident.status == IncidentStatus.ACKNOWLEDGED:
        # What somebody took was milder.
        incident.status = IncidentStatus.OPEN
    incident.severity = max(worst, incident.severity)
    cause = probable_cause([_fact(alert) for alert in alerts.order_by("started_at", "pk")[:_FACTS_MAX]])
    if cause is not None:
        incident.cause_id, incident.cause_reason = cause.id, cause.reason
    incident.save(update_fields=["severity", "last_at", "cause", "cause_reason", "status"])


def _fact(alert: Alert) -> Fact:
    return Fact(alert.pk, alert.rule_name, alert.series, labels_of(alert.labels), epoch(alert.started_at))


def _title(alert: Alert) -> str:
    where = next((alert.labels[name] for name in ("process", "route") if alert.labels.get(name)), "")
    return f"{Severity(alert.severity).name.capitalize()}: {alert.rule_name}" + (f" ({where})" if where else "")
