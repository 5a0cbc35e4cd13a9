"""An optimisation by hand: of one kind now, or one setting.

Contract   A setting by hand goes the same way as any other change: it is watched, and taken back when it does harm.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from django.db import IntegrityError, transaction

from common import clock
from common.audit import record_audit
from common.tuning.declared import Subsystem, TunableSpec, clamped, spec_of
from monitoring.optimizer.engine.confidence import Record
from monitoring.optimizer.errors import OptimizationInvalid, SubsystemBusy
from monitoring.optimizer.models import OptimizerSwitch, Recommendation
from monitoring.optimizer.selectors.records import records
from monitoring.optimizer.selectors.switch import current_strategy
from monitoring.optimizer.services._proposals import new_row
from monitoring.optimizer.services._tunables import next_round, put_tunables
from monitoring.optimizer.services.apply_recommendation import apply_recommendation
from monitoring.optimizer.services.run_cycle import run_cycle
from monitoring.optimizer.types import Act, Action, Effect, Finding, Risk, Status

BY_HAND: Final = "by_hand"
#: What a kind does at once, beside the optimisation.
_ROUNDS: Final[Mapping[Subsystem, str]] = {
    Subsystem.CACHE: "cleanup_round",
    Subsystem.MEMORY: "collect_round",
    Subsystem.CONNECTION: "reconnect_round",
}
#: What a setting should make better, and its load.
_METRICS: Final[Mapping[Subsystem, tuple[str, str]]] = {
    Subsystem.CACHE: ("response_time", "throughput"),
    Subsystem.MEMORY: ("process_memory", "throughput"),
    Subsystem.DATABASE: ("response_time", "throughput"),
    Subsystem.CONNECTION: ("db_pool_checked_out", "throughput"),
    Subsystem.QUERY: ("db_query_time", "db_queries"),
    Subsystem.QUEUE: ("queue_age", "tasks"),
    Subsystem.SOCKETS: ("event_loop_lag", "sockets"),
}


@dataclass(frozen=True, slots=True)
class Triggered:
    """``found`` and ``applied`` of the optimisation; the change by hand, if it was one."""

    found: int = 0
    applied: int = 0
    milliseconds: float = 0.0
    round: str = ""
    recommendation: Recommendation | None = None
    parameters: Mapping[str, Any] = field(default_factory=dict)


def trigger_optimization(*, actor_id: int, kind: Subsystem, parameters: Mapping[str, Any], ip: str = "") -> Triggered:
    """``parameters``: nothing, ``{"dry_run": true}``, or ``{"setting": name, "value": number}``.

    Raises: OptimizationInvalid, SubsystemBusy
    """
    if "setting" in parameters:
        row = _set_by_hand(actor_id=actor_id, kind=kind, parameters=parameters, ip=ip)
        return Triggered(applied=1, recommendation=row, parameters=parameters)
    is_dry = bool(parameters.get("dry_run"))
    started = "" if is_dry else _ROUNDS.get(kind, "")
    with transaction.atomic():
        switch, _ = OptimizerSwitch.objects.get_or_create(pk=1)
        if started:
            put_tunables({started: next_round(started)}, actor_id=actor_id)
        after = {"kind": kind.value, "dry_run": is_dry, "round": started}
        record_audit(actor_id=actor_id, action="optimizer.triggered", target=switch, before={}, after=after, ip=ip)
    cycle = run_cycle(only=kind, may_act=not is_dry)
    if cycle is None:
        raise SubsystemBusy("An optimisation is under way; try again in a second.")
    return Triggered(cycle.found, cycle.applied, cycle.milliseconds, started, None, parameters)


def _set_by_hand(*, actor_id: int, kind: Subsystem, parameters: Mapping[str, Any], ip: str) -> Recommendation:
    name, value = str(parameters["setting"]), float(parameters.get("value", 0.0))
    spec = spec_of(name)
    if spec is None or spec.name.endswith("_round") or spec.subsystem is not kind:
        raise OptimizationInvalid(f"{name!r} is no setting of {kind}.", field="/parameters/setting")
    if clamped(name, value) != value:
        raise OptimizationInvalid(f"Send {spec.low:g} to {spec.high:g} {spec.unit}.", field="/parameters/value")
    try:
        with transaction.atomic():
            record = records().get(BY_HAND, Record())
            row = new_row(_finding(name, value, spec), current_strategy(), clock.now(), record)
            apply_recommendation(row=row, status=Status.APPROVED, actor_id=actor_id, ip=ip)
    except IntegrityError as twice:
        raise SubsystemBusy("Another change of this setting is open; take it back first.") from twice
    return row


def _finding(name: str, value: float, spec: TunableSpec) -> Finding:
    metric, load = _METRICS[spec.subsystem]
    return Finding(
        rule=BY_HAND,
        subject=name,
        subsystem=spec.subsystem,
        title=f"{name} set to {value:g} {spec.unit} by hand",
        why=spec.meaning,
        evidence={},
        evidence_query="",
        action=Action(Act.SET, name, value),
        risk=Risk.MEDIUM,
        effect=Effect(metric, -0.05, -0.5, 0.05, load),
        blast_radius="Every process.",
        undo="Take the setting back: every process follows within two seconds.",
        priority=50,
    )
