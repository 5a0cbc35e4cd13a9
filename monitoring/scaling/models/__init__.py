from monitoring.scaling.models.decision import Outcome, ScalingDecision
from monitoring.scaling.models.policy import ScalingPolicy
from monitoring.scaling.models.switch import Switch
from monitoring.scaling.models.target import Actuator, ScalingTarget

__all__ = ["Actuator", "Outcome", "ScalingDecision", "ScalingPolicy", "ScalingTarget", "Switch"]
