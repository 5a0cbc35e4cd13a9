"""A decision as a round keeps it."""

from common import clock
from monitoring.scaling.models import Outcome, ScalingDecision, ScalingTarget
from monitoring.scaling.services.provide_defaults import provide_defaults


def keep_decision(*, number: int) -> ScalingDecision:
    """The processor asked for a third web process."""
    provide_defaults()
    reason = "cpu_usage 91 is above 80"
    return ScalingDecision.objects.create(
        id=number,
        target=ScalingTarget.objects.get(name="web"),
        at=clock.now(),
        before=2,
        count=3,
        wished=3,
        policy="cpu",
        reason=reason,
        inputs={"cpu_usage": 91.0},
        proposals=[{"policy": "cpu", "value": 91.0, "count": 3, "reason": reason}],
        clamps=[],
        cost_cents_per_hour=4,
        outcome=Outcome.ADVISED,
        metric_before=91.0,
    )
