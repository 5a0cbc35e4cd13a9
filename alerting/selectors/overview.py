"""How alerting stands, and whether it works."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import connection

from alerting.models import AlertingEngine, AlertRule, EscalationRun
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


@dataclass(frozen=True, slots=True)
class EngineState:
    """What both views of alerting begin with, read once for a page that shows both."""

    row: AlertingEngine | None
    outbox: OutboxState


# Each part walks an index of its own; together they are one statement, so one answer and one moment.
_COUNTS: Final = """
SELECT (SELECT count(*) FROM alerting_alertrule WHERE NOT is_deleted),
       (SELECT count(*) FROM alerting_alertrule WHERE NOT is_deleted AND is_enabled),
       (SELECT count(*) FROM alerting_incident WHERE ended_at IS NULL AND status = 'open'),
       (SELECT count(*) FROM alerting_incident WHERE ended_at IS NULL AND status = 'acknowledged'),
       (SELECT count(*) FROM alerting_alert WHERE started_at >= %(day_ago)s),
       (SELECT count(*) FROM alerting_silence WHERE starts_at <= %(now)s AND ends_at > %(now)s),
       (SELECT extract(epoch FROM avg(acknowledged_at - started_at)) FROM alerting_alert
        WHERE started_at >= %(week_ago)s AND acknowledged_at IS NOT NULL),
       ARRAY(SELECT count(a.id) FROM unnest(%(severities)s::int[]) WITH ORDINALITY AS s (severity, place)
             LEFT JOIN alerting_alert a ON a.severity = s.severity AND a.ended_at IS NULL
             GROUP BY s.place ORDER BY s.place)
"""


def engine_state() -> EngineState:
    return EngineState(engine_row(), outbox_state())


def summary(state: EngineState | None = None) -> Summary:
    state, now = state or engine_state(), clock.now()
    row = state.row
    rules, enabled, open_incidents, acknowledged, alerts, silences, took, firing = _counts(now)
    return Summary(
        settings=settings_of(row),
        evaluated_at=row.evaluated_at if row else None,
        rules=rules,
        enabled_rules=enabled,
        firing={one.name.lower(): count for one, count in zip(Severity, firing, strict=True)},
        open_incidents=open_incidents,
        acknowledged_incidents=acknowledged,
        alerts_24h=alerts,
        silences=silences,
        acknowledged_in_s=None if took is None else float(took),
        noisiest=list(AlertRule.objects.filter(is_deleted=False, noise__gt=0).order_by("-noise", "-fired_7d")[:5]),
        outbox=state.outbox,
    )


def health(state: EngineState | None = None) -> Health:
    """What a watch outside wants to know."""
    state, now = state or engine_state(), clock.now()
    row, outbox = state.row, state.outbox
    settings, late_s = settings_of(row), _late_s(row, now)
    overdue = EscalationRun.objects.filter(due_at__lt=now - OVERDUE).count()
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
    return _late_s(engine_row(), clock.now())


def _counts(now: datetime) -> tuple[Any, ...]:
    severities = [int(one) for one in Severity]
    times = {"now": now, "day_ago": now - _DAY, "week_ago": now - 7 * _DAY}
    with connection.cursor() as cursor:
        cursor.execute(_COUNTS, {**times, "severities": severities})
        row: tuple[Any, ...] = cursor.fetchone()
    return row


def _late_s(row: AlertingEngine | None, now: datetime) -> float | None:
    if row is None or row.evaluated_at is None:
        return None
    return max((now - row.evaluated_at).total_seconds(), 0.0)
