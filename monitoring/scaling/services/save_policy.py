"""Make or change a policy."""

import math
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction

from common import clock
from common.audit import record_audit
from monitoring.engine.catalogue import CATALOGUE
from monitoring.scaling.errors import ScalingPolicyInvalid, ScalingTargetUnknown
from monitoring.scaling.models import ScalingPolicy, ScalingTarget


@dataclass(frozen=True, slots=True)
class PolicySpec:
    """``cooldown_s`` and the bounds are those of the environment when they are None."""

    name: str
    metric_name: str
    scale_up: float
    scale_down: float
    target: str = "web"
    low: int | None = None
    high: int | None = None
    cooldown_s: int | None = None
    is_shared: bool = False
    target_value: float | None = None


def save_policy(*, actor_id: int, spec: PolicySpec, ip: str = "") -> ScalingPolicy:
    """Keep the policy under its name, in place of one that has it.

    Raises: ScalingTargetUnknown, ScalingPolicyInvalid
    """
    values = _checked(spec)
    with transaction.atomic():
        target = ScalingTarget.objects.select_for_update().filter(name=spec.target).first()
        if target is None:
            raise ScalingTargetUnknown(f"There is no target {spec.target!r}. See the summary for those there are.")
        found = ScalingPolicy.objects.select_related("target").filter(name__iexact=spec.name).first()
        before = {name: getattr(found, name) for name in values} if found else {}
        policy = found or ScalingPolicy(name=spec.name, created_at=clock.now())
        policy.target, policy.updated_at = target, clock.now()
        for name, value in values.items():
            setattr(policy, name, value)
        policy.save()
        record_audit(
            actor_id=actor_id, action="scaling.policy_saved", target=policy, before=before, after=values, ip=ip
        )
    return policy


def _checked(spec: PolicySpec) -> dict[str, float | int | str | bool | None]:
    low = settings.AUTO_SCALING_MIN_INSTANCES if spec.low is None else spec.low
    high = settings.AUTO_SCALING_MAX_INSTANCES if spec.high is None else spec.high
    if spec.metric_name not in CATALOGUE:
        raise ScalingPolicyInvalid("Send the name of a series, such as cpu_usage.", field="/metric_name")
    if not all(math.isfinite(number) for number in (spec.scale_up, spec.scale_down)):
        raise ScalingPolicyInvalid("Send numbers.", field="/scale_up_threshold")
    if spec.scale_down >= spec.scale_up:
        raise ScalingPolicyInvalid("Send less than scale_up_threshold.", field="/scale_down_threshold")
    if not 1 <= low <= high:
        raise ScalingPolicyInvalid("Send 1 or more, and not more than max_instances.", field="/min_instances")
    if spec.target_value is not None and spec.target_value <= 0:
        raise ScalingPolicyInvalid("Send more than 0, or leave it out.", field="/target_value")
    return {
        "metric_name": spec.metric_name,
        "scale_up_threshold": spec.scale_up,
        "scale_down_threshold": spec.scale_down,
        "min_instances": low,
        "max_instances": high,
        "cooldown_s": settings.AUTO_SCALING_COOLDOWN_PERIOD if spec.cooldown_s is None else spec.cooldown_s,
        "is_shared": spec.is_shared,
        "target_value": spec.target_value,
    }
