"""What this app can refuse, and what can go wrong within it.

ScalingTargetUnknown   scaling.target_unknown   404
ScalingCountInvalid    scaling.count_invalid    422   outside of the bounds of the target
ScalingPolicyInvalid   scaling.policy_invalid   422   the field that can't be kept
"""

from common.errors import DomainError


class ScalingTargetUnknown(DomainError):
    code = "scaling.target_unknown"
    title = "There is nothing of this name to scale."
    status = 404


class ScalingCountInvalid(DomainError):
    code = "scaling.count_invalid"
    title = "So many instances are not allowed."


class ScalingPolicyInvalid(DomainError):
    code = "scaling.policy_invalid"
    title = "The policy can't be kept like this."


class ActuatorFailed(Exception):
    """The count isn't what was asked for; the message says why. It is kept with the decision, nobody is refused."""
