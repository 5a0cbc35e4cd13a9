"""JSON of scaling."""

from datetime import datetime, timedelta
from typing import Any, Final

from common.clock import rfc3339
from monitoring.scaling.engine.what_if import Replayed
from monitoring.scaling.models import ScalingDecision, ScalingPolicy
from monitoring.scaling.selectors.overview import TargetNow
from monitoring.scaling.selectors.targets import current_pause
from monitoring.scaling.selectors.timeline import Timeline, WhatIf
from monitoring.scaling.types import Pause

REASONS_MAX: Final = 200


def policy_document(policy: ScalingPolicy) -> dict[str, Any]:
    return {
        "name": policy.name,
        "target": policy.target.name,
        "metric_name": policy.metric_name,
        "scale_up_threshold": policy.scale_up_threshold,
        "scale_down_threshold": policy.scale_down_threshold,
        "min_instances": policy.min_instances,
        "max_instances": policy.max_instances,
        "cooldown_period": policy.cooldown_s,
        "per_instance": policy.is_shared,
        "target_value": policy.target_value,
    }


def decision_document(decision: ScalingDecision) -> dict[str, Any]:
    return {
        "id": decision.pk,
        "target": decision.target.name,
        "at": rfc3339(decision.at),
        "before": decision.before,
        "count": decision.count,
        "wished": decision.wished,
        "policy": decision.policy,
        "reason": decision.reason,
        "inputs": decision.inputs,
        "proposals": decision.proposals,
        "clamps": decision.clamps,
        "forecast": decision.forecast,
        "cost_cents_per_hour": decision.cost_cents_per_hour,
        "outcome": decision.outcome,
        "detail": decision.detail,
        "effect": decision.effect,
    }


def target_document(now: TargetNow) -> dict[str, Any]:
    until = now.row.override_until
    override = None
    if now.is_by_hand and until is not None:
        override = {"count": now.row.override_count, "until": rfc3339(until), "reason": now.row.override_reason}
    return {
        "name": now.row.name,
        "instances": now.instances,
        "min_instances": now.low,
        "max_instances": now.high,
        "connections_cap": now.cap,
        "actuator": now.row.actuator,
        "mode": now.row.mode,
        "pause": current_pause(now.row),
        "pause_until": _moment(now.row.pause_until) if current_pause(now.row) is not Pause.NONE else None,
        "pause_reason": now.row.pause_reason,
        "override": override,
        "cost_cents_per_hour": None if now.instances is None else now.instances * now.row.cost_cents_per_hour,
        "last_decision": None if now.last is None else decision_document(now.last),
    }


def timeline_document(found: Timeline) -> dict[str, Any]:
    return {
        "start": rfc3339(found.start),
        "step_s": found.step_s,
        "instances": found.instances,
        "wished": found.wished,
        "forecast": found.forecast,
    }


def what_if_document(found: WhatIf) -> dict[str, Any]:
    return {
        "start": rfc3339(found.start),
        "step_s": 60,
        "was": _replayed(found.was, found),
        "now": _replayed(found.now, found),
        "would": _replayed(found.would, found),
    }


def _replayed(one: Replayed, found: WhatIf) -> dict[str, Any]:
    return {
        "instances": list(one.counts),
        "late_min": one.late_min,
        "instance_hours": round(one.hours, 3),
        "changes": one.changes,
        "turns": one.turns,
        "cost_cents": round(one.cost, 2),
        "reasons": [
            {"at": rfc3339(found.start + timedelta(minutes=at)), "before": before, "count": count, "reason": reason}
            for at, before, count, reason in one.reasons[:REASONS_MAX]
        ],
    }


def _moment(moment: datetime | None) -> str | None:
    return None if moment is None else rfc3339(moment)


def recommendation_document(decision: ScalingDecision) -> dict[str, Any]:
    return {
        "target": decision.target.name,
        "at": rfc3339(decision.at),
        "action": "add" if decision.count > decision.before else "remove",
        "instances": decision.before,
        "recommended_instances": decision.count,
        "reason": decision.reason,
        "cost_cents_per_hour": decision.cost_cents_per_hour,
    }
