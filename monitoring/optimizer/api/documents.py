"""JSON of the optimizer."""

from typing import Any

from common.clock import rfc3339
from monitoring.optimizer.engine.confidence import Calibration
from monitoring.optimizer.engine.strategies import Plan
from monitoring.optimizer.models import Cycle, Recommendation, Tunable
from monitoring.optimizer.selectors.board import MetricNow, Outlook, Standing
from monitoring.optimizer.services.trigger_optimization import Triggered


def recommendation_document(row: Recommendation) -> dict[str, Any]:
    return {
        "id": row.pk,
        "rule": row.rule,
        "subject": row.subject,
        "optimization_type": row.subsystem,
        "title": row.title,
        "why": row.why,
        "priority": row.priority,
        "confidence": round(row.confidence, 3),
        "risk": row.risk,
        "reversible": row.is_reversible,
        "action": {"act": row.act, "target": row.target, "value": row.value, "details": row.details},
        "evidence": row.evidence,
        "evidence_query": row.evidence_query,
        "expected_effect": {
            "metric": row.metric,
            "change": row.expected,
            "low": row.expected_low,
            "high": row.expected_high,
            "more_is_better": row.is_gain,
        },
        "blast_radius": row.blast_radius,
        "undo": row.undo,
        "status": row.status,
        "reason": row.reason,
        "strategy": row.strategy,
        "created_at": rfc3339(row.created_at),
        "decided_by": None if row.decided_by is None else row.decided_by.username,
        "applied_at": None if row.applied_at is None else rfc3339(row.applied_at),
        "ended_at": None if row.ended_at is None else rfc3339(row.ended_at),
        "before": row.before,
        "measured_effect": _measured(row),
    }


def _measured(row: Recommendation) -> dict[str, Any] | None:
    if row.change is None:
        return None
    return {"change": row.change, "low": row.change_low, "high": row.change_high, "pairs": row.pairs}


def tunable_document(row: Tunable) -> dict[str, Any]:
    return {
        "name": row.name,
        "value": row.value,
        "changed_at": rfc3339(row.changed_at),
        "changed_by": None if row.changed_by is None else row.changed_by.username,
        "recommendation": row.recommendation_id,
    }


def cycle_document(row: Cycle) -> dict[str, Any]:
    return {
        "at": rfc3339(row.at),
        "milliseconds": round(row.milliseconds, 1),
        "found": row.found,
        "new": row.new,
        "applied": row.applied,
        "frozen": row.frozen,
        "score": row.score,
        "strategy": row.strategy,
    }


def plan_document(plan: Plan) -> dict[str, Any]:
    return {
        "name": plan.strategy.value,
        "cache_cleanup_s": plan.cleanup_s,
        "collect_above_percent": plan.collect_percent,
        "optimize_every_s": plan.optimise_s,
        "observe_s": plan.observe_s,
        "automatic": sorted(plan.automatic),
        "builds_indexes": plan.may_build_indexes,
    }


def standing_document(now: Standing) -> dict[str, Any]:
    return {
        "score": now.score,
        "optimized_at": None if now.optimised_at is None else rfc3339(now.optimised_at),
        "open": now.open_count,
        "watched": now.watched_count,
        "kept": now.kept,
        "reverted": now.reverted,
        "inconclusive": now.inconclusive,
    }


def calibration_document(found: Calibration) -> dict[str, Any]:
    bins = [{"promised": one.promised, "came": one.came, "count": one.count} for one in found.bins]
    return {"brier": found.brier, "sign_correct": found.signs, "changes": found.count, "bins": bins}


def metric_document(one: MetricNow) -> dict[str, Any]:
    return {
        "name": one.name,
        "title": one.title,
        "unit": one.unit,
        "value": one.value,
        "state": one.state,
        "baseline": one.usual,
        "spread": one.spread,
    }


def outlook_document(one: Outlook) -> dict[str, Any]:
    better = None
    if one.better is not None:
        better = {
            "model": one.better.model,
            "value": one.better.value,
            "low": one.better.low_95,
            "high": one.better.high_95,
            "skill": one.better.skill,
        }
    return {
        "name": one.name,
        "title": one.title,
        "unit": one.unit,
        "minutes_ahead": 30,
        "now": one.line.now,
        "linear": one.line.ahead,
        "slope_per_minute": one.line.slope,
        "confidence": one.line.r2,
        "points": one.line.points,
        "forecast": better,
    }


def triggered_document(done: Triggered) -> dict[str, Any]:
    row = done.recommendation
    return {
        "found": done.found,
        "applied": done.applied,
        "milliseconds": round(done.milliseconds, 1),
        "round": done.round,
        "recommendation": None if row is None else recommendation_document(row),
    }
