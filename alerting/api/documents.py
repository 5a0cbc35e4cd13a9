"""JSON of alerting."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from alerting.models import Alert, AlertRule, Incident, Silence, ThresholdProposal, TimelineEntry
from alerting.selectors.alerts import IncidentView
from alerting.selectors.channels import ChannelRow
from alerting.selectors.deliveries import DeliveryRow, OutboxState
from alerting.selectors.overview import Health, Summary
from alerting.selectors.trials import Trial
from alerting.types import Severity
from common import clock
from common.clock import rfc3339


def _time(moment: datetime | None) -> str | None:
    return None if moment is None else rfc3339(moment)


def _at(seconds: float | None) -> str | None:
    return None if seconds is None else rfc3339(datetime.fromtimestamp(seconds, UTC))


def severity_name(severity: int) -> str:
    return Severity(severity).name.lower()


def rule_document(rule: AlertRule, firing: int = 0) -> dict[str, Any]:
    """``threshold`` and ``severity`` are those of the mildest level; ``definition`` has all."""
    document = rule.document
    levels: Mapping[str, Any] = document.get("levels", {})
    mildest = min(levels, key=lambda name: Severity[name.upper()], default="warning")
    bound = levels.get(mildest)
    return {
        "id": rule.pk,
        "name": rule.name,
        "description": document.get("description", ""),
        "category": rule.category,
        "metric_name": document.get("expression", ""),
        "condition": document.get("condition", "gt"),
        "threshold": bound[1] if isinstance(bound, list) else bound,
        "severity": mildest,
        "levels": levels,
        "notification_channels": rule.channels,
        "escalation": rule.escalation,
        "enabled": rule.is_enabled,
        "owner": document.get("owner", ""),
        "runbook": document.get("runbook", ""),
        "definition": {"name": rule.name, **document},
        "firing": firing,
        "fired_7d": rule.fired_7d,
        "noise": rule.noise,
        "updated_at": rfc3339(rule.updated_at),
    }


def alert_document(alert: Alert) -> dict[str, Any]:
    return {
        "id": alert.pk,
        "rule_id": alert.rule_id,
        "rule": alert.rule_name,
        "incident_id": alert.incident_id,
        "metric_name": alert.series,
        "labels": alert.labels,
        "state": alert.state,
        "severity": severity_name(alert.severity),
        "value": alert.value,
        "reason": alert.reason,
        "started_at": rfc3339(alert.started_at),
        "ended_at": _time(alert.ended_at),
        "acknowledged_by": alert.acknowledged_by,
        "acknowledged_at": _time(alert.acknowledged_at),
        "suppressed_by": alert.suppressed,
        "verdict": alert.verdict,
    }


def incident_document(incident: Incident) -> dict[str, Any]:
    return {
        "id": incident.pk,
        "title": incident.title,
        "status": incident.status,
        "severity": severity_name(incident.severity),
        "started_at": rfc3339(incident.started_at),
        "ended_at": _time(incident.ended_at),
        "alerts": incident.count,
        "firing": incident.firing,
        "cause_alert_id": incident.cause_id,
        "cause_reason": incident.cause_reason,
        "assignee": incident.assignee,
        "acknowledged_by": incident.acknowledged_by,
        "acknowledged_until": _time(incident.acknowledged_until),
    }


def incident_view_document(view: IncidentView) -> dict[str, Any]:
    return {
        **incident_document(view.incident),
        "items": [alert_document(alert) for alert in view.alerts],
        "timeline": [entry_document(line) for line in view.timeline],
    }


def entry_document(line: TimelineEntry) -> dict[str, Any]:
    return {
        "id": line.pk,
        "at": rfc3339(line.at),
        "kind": line.kind,
        "text": line.text,
        "actor": line.actor,
        "alert_id": line.alert_id,
    }


def silence_document(silence: Silence) -> dict[str, Any]:
    now = clock.now()
    is_active = silence.starts_at <= now < silence.ends_at
    return {
        "id": silence.pk,
        "matchers": silence.matchers,
        "starts_at": rfc3339(silence.starts_at),
        "ends_at": rfc3339(silence.ends_at),
        "author": silence.author,
        "comment": silence.comment,
        "phase": "active" if is_active else "pending" if now < silence.starts_at else "expired",
    }


def channel_document(channel: ChannelRow) -> dict[str, Any]:
    return {
        "id": channel.id,
        "name": channel.name,
        "kind": channel.kind,
        "enabled": channel.is_enabled,
        "default": channel.is_default,
        "sends_resolved": channel.sends_resolved,
        "timeout": channel.timeout_s,
        "retry_attempts": channel.retry_attempts,
        "config": dict(channel.shown),
        "problem": channel.problem,
    }


def delivery_document(row: DeliveryRow) -> dict[str, Any]:
    return {
        "id": row.id,
        "channel": row.channel,
        "title": row.title,
        "status": row.status,
        "attempts": row.tries,
        "problem": row.problem,
        "created_at": rfc3339(row.created_at),
        "ended_at": _time(row.ended_at),
    }


def outbox_document(outbox: OutboxState) -> dict[str, Any]:
    return {"waiting": outbox.waiting, "dead_24h": outbox.dead, "oldest_s": round(outbox.oldest_s, 3)}


def summary_document(found: Summary) -> dict[str, Any]:
    return {
        "is_on": found.settings.is_on,
        "evaluation_interval": found.settings.interval_s,
        "escalation_timeout": found.settings.escalation_s,
        "evaluated_at": _time(found.evaluated_at),
        "rules": found.rules,
        "enabled_rules": found.enabled_rules,
        "firing": found.firing,
        "open_incidents": found.open_incidents,
        "acknowledged_incidents": found.acknowledged_incidents,
        "alerts_24h": found.alerts_24h,
        "active_silences": found.silences,
        "mean_time_to_acknowledge_s": found.acknowledged_in_s,
        "noisiest": [{"id": one.pk, "name": one.name, "noise": one.noise} for one in found.noisiest],
        "outbox": outbox_document(found.outbox),
    }


def health_document(found: Health) -> dict[str, Any]:
    return {
        "status": found.status,
        "evaluated_at": _time(found.evaluated_at),
        "late_s": None if found.late_s is None else round(found.late_s, 3),
        "took_ms": found.took_ms,
        "rounds": found.rounds,
        "failed_rules": found.failed_rules,
        "overdue_escalations": found.overdue_escalations,
        "outbox": outbox_document(found.outbox),
        "heartbeat_at": _time(found.pinged_at),
        "heartbeat_problem": found.ping_problem,
    }


def trial_document(trial: Trial) -> dict[str, Any]:
    episodes = [
        {
            "started_at": _at(one.started_at),
            "ended_at": _at(one.ended_at),
            "severity": one.severity.name.lower(),
            "cause": one.cause.value,
            "labels": dict(one.labels),
        }
        for one in trial.found.episodes[:200]
    ]
    return {
        "sentence": trial.found.sentence(),
        "fired": trial.found.fired_count,
        "firing_s": trial.found.firing_s,
        "noise": trial.found.noise,
        "start": _at(trial.start),
        "end": _at(trial.end),
        "step_s": trial.step_s,
        "episodes": episodes,
        "times": [round(at) for at in trial.times],
        "values": trial.values,
        "levels": {one.severity.name.lower(): one.threshold for one in trial.rule.levels},
    }


def proposal_document(proposal: ThresholdProposal) -> dict[str, Any]:
    return {
        "id": proposal.pk,
        "rule_id": proposal.rule_id,
        "rule": proposal.rule.name,
        "severity": severity_name(proposal.severity),
        "threshold": proposal.threshold,
        "proposed": proposal.proposed,
        "fired": proposal.fired,
        "would_fire": proposal.would_fire,
        "reason": proposal.reason,
        "status": proposal.status,
        "made_at": rfc3339(proposal.made_at),
    }
