"""How alerting stands, and whether it works."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db.models import Avg, Count, F

from alerting.models import Alert, AlertRule, EscalationRun, Incident, IncidentStatus, Silence
from alerting.selectors.deliveries import OutboxState, outbox_state
from alerting.selectors.switch import Settings, engine_row, settings_of
from alerting.types import Severity
from common import clock

#: A round is late when it hasn't come for so many intervals.
LATE_INTERVALS: Final = 3
OVERDUE: Final = timedelta(minutes=5)
_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Summary:
    """``acknowledged_in_s`` is the mean of the last week; None when nobody acknowledged anything."""

    settings: Settings
    evaluated_at: datetime | None
    rules: int
    enabled_rules: int
    firing: Mapping[str, int]
    open_incidents: int
    acknowledged_incidents: int
    alerts_24h: int
    silences: int
    acknowledged_in_s: float | None
    noisiest: Sequence[AlertRule]
    outbox: OutboxState


@dataclass(frozen=True, slots=True)
class Health:
    """``status`` is ok, late, failing or stopped."""

    status: str
    evaluated_at: datetime | None
    late_s: float | None
    took_ms: float | None
    rounds: int
    failed_rules: Mapping[str, str]
    overdue_escalations: int
    outbox: OutboxState
    pinged_at: datetime | None
    ping_problem: str


def summary() -> Summary:
    row, now = engine_row(), clock.now()
    firing = dict(Alert.objects.filter(ended_at=None).values_list("severity").annotate(Count("pk")))
    states = dict(Incident.objects.filter(ended_at=None).values_list("status").annotate(Count("pk")))
    rules = AlertRule.objects.filter(is_deleted=False)
    return Summary(
        settings=settings_of(row),
        evaluated_at=row.evaluated_at if row else None,
        rules=rules.count(),
        enabled_rules=rules.filter(is_enabled=True).count(),
        firing={one.name.lower(): firing.get(one.value, 0) for one in Severity},
        open_incidents=states.get(IncidentStatus.OPEN, 0),
        acknowledged_incidents=states.get(IncidentStatus.ACKNOWLEDGED, 0),
        alerts_24h=Alert.objects.filter(started_at__gte=now - _DAY).count(),
        silences=Silence.objects.filter(starts_at__lte=now, ends_at__gt=now).count(),
        acknowledged_in_s=_acknowledged_in_s(now),
        noisiest=list(rules.filter(noise__gt=0).order_by("-noise", "-fired_7d")[:5]),
        outbox=outbox_state(),
    )


def health() -> Health:
    """What a watch outside wants to know."""
    row, now = engine_row(), clock.now()
    settings, late_s = settings_of(row), engine_late_s()
    overdue = EscalationRun.objects.filter(due_at__lt=now - OVERDUE).count()
    outbox = outbox_state()
    failed = dict(row.failed) if row else {}
    status = "ok"
    if not settings.is_on:
        status = "stopped"
    elif late_s is None or late_s > LATE_INTERVALS * settings.interval_s:
        status = "late"
    elif failed or overdue:
        status = "failing"
    return Health(
        status=status,
        evaluated_at=row.evaluated_at if row else None,
        late_s=late_s,
        took_ms=row.took_ms if row else None,
        rounds=row.rounds if row else 0,
        failed_rules=failed,
        overdue_escalations=overdue,
        outbox=outbox,
        pinged_at=row.pinged_at if row else None,
        ping_problem=row.ping_problem if row else "",
    )


def engine_late_s() -> float | None:
    """Since the last round; None when there was none."""
    row = engine_row()
    if row is None or row.evaluated_at is None:
        return None
    return max((clock.now() - row.evaluated_at).total_seconds(), 0.0)


def _acknowledged_in_s(now: datetime) -> float | None:
    took = (
        Alert.objects.filter(started_at__gte=now - 7 * _DAY, acknowledged_at__isnull=False)
        .aggregate(mean=Avg(F("acknowledged_at") - F("started_at")))
        .get("mean")
    )
    return None if took is None else float(took.total_seconds())
