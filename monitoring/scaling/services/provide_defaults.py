"""Targets and policies to begin with."""

from django.conf import settings

from common import clock
from monitoring.scaling.engine.defaults import POLICIES, TARGETS
from monitoring.scaling.models import ScalingPolicy, ScalingTarget


def provide_defaults() -> bool:
    """Make them where there is no target yet; what somebody changed stays.

    Returns: whether they were made
    """
    if ScalingTarget.objects.exists():
        return False
    targets = {name: ScalingTarget.objects.create(name=name) for name in TARGETS}
    now = clock.now()
    for name, policy in POLICIES:
        ScalingPolicy.objects.create(
            name=policy.name,
            target=targets[name],
            metric_name=policy.metric_name,
            scale_up_threshold=policy.scale_up,
            scale_down_threshold=policy.scale_down,
            min_instances=settings.AUTO_SCALING_MIN_INSTANCES,
            max_instances=settings.AUTO_SCALING_MAX_INSTANCES,
            cooldown_s=settings.AUTO_SCALING_COOLDOWN_PERIOD,
            is_shared=policy.is_shared,
            created_at=now,
            updated_at=now,
        )
    return True
