"""JSON of scaling."""

from typing import Any

from common.clock import rfc3339
from monitoring.scaling.models import ScalingDecision, ScalingPolicy
from monitoring.scaling.selectors.overview import TargetNow


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
        "pause": now.row.pause,
        "override": override,
        "cost_cents_per_hour": None if now.instances is None else now.instances * now.row.cost_cents_per_hour,
        "last_decision": None if now.last is None else decision_document(now.last),
    }


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
