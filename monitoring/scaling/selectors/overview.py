"""What is scaled, how it stands, and what is advised."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from common import clock
from monitoring.scaling.models import Outcome, ScalingDecision, ScalingPolicy, ScalingTarget
from monitoring.scaling.selectors.decisions import last_decisions
from monitoring.scaling.selectors.targets import policied_targets

#: Advice that is older says nothing about now.
FRESH: Final = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class TargetNow:
    """``instances`` are those that the last decision counted; None when it is too old to say."""

    row: ScalingTarget
    instances: int | None
    low: int
    high: int
    cap: int | None
    is_by_hand: bool
    last: ScalingDecision | None


def targets_now() -> list[TargetNow]:
    """Every target, by name."""
    now, last = clock.now(), {one.target_id: one for one in last_decisions()}
    found = []
    for one in policied_targets():
        decision, override = last.get(one.row.pk), one.target.override
        is_fresh = decision is not None and decision.at > now - FRESH
        found.append(
            TargetNow(
                row=one.row,
                instances=_instances(decision) if is_fresh else None,
                low=one.target.low,
                high=one.target.high,
                cap=one.target.cap,
                is_by_hand=override is not None and override.until > now.timestamp(),
                last=decision,
            )
        )
    return found


def policies() -> list[ScalingPolicy]:
    """Every policy, by target and name."""
    return list(ScalingPolicy.objects.select_related("target").order_by("target__name", "name"))


def recommendations() -> list[ScalingDecision]:
    """What the newest decisions would change, where nobody has carried it out."""
    since = clock.now() - FRESH
    outcomes = (Outcome.ADVISED, Outcome.FAILED)
    return [one for one in last_decisions() if one.at > since and one.outcome in outcomes]


def changes_since(span: timedelta) -> int:
    """How many changes were carried out."""
    return ScalingDecision.objects.filter(at__gt=clock.now() - span, outcome=Outcome.APPLIED).count()


def _instances(decision: ScalingDecision | None) -> int | None:
    if decision is None:
        return None
    return decision.count if decision.outcome == Outcome.APPLIED else decision.before
