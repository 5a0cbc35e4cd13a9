"""What one policy proposes for a measured value.

Contract   A threshold policy moves by one instance: out above ``scale_up``, in below ``scale_down``. A target policy
           asks for the count that Kubernetes would. A value that is missing is a proposal without a count. Pure.
"""

from dataclasses import dataclass
from typing import Final

from monitoring.scaling.engine.replicas import shared_count
from monitoring.scaling.types import Proposal, Tolerance

MILLI: Final = 1000


@dataclass(frozen=True, slots=True)
class Policy:
    """``is_shared``: the metric is a sum that the instances share, so its thresholds are for each of them.

    With ``target`` the count follows the ratio of value and target; the thresholds then don't count.
    """

    name: str
    metric_name: str
    scale_up: float
    scale_down: float
    is_shared: bool = False
    target: float | None = None


def proposal(policy: Policy, value: float | None, *, current: int, tolerance: Tolerance) -> Proposal:
    """What ``policy`` asks for when its metric is ``value``."""
    if value is None:
        return Proposal(policy.name, None, None, f"{policy.metric_name} is missing")
    if policy.target is not None:
        count = _by_target(policy.target, policy.is_shared, value, current, tolerance)
        return Proposal(policy.name, value, count, f"{policy.metric_name} {value:g} for a target of {policy.target:g}")
    each = value / max(current, 1) if policy.is_shared else value
    return Proposal(policy.name, value, *_by_thresholds(policy, each, current))


def _by_target(target: float, is_shared: bool, value: float, current: int, tolerance: Tolerance) -> int:
    # A mean of all instances is what each of them has, so their sum is what they share.
    whole = value if is_shared else value * max(current, 1)
    return shared_count(
        current=current, target=max(round(target * MILLI), 1), value=round(whole * MILLI), tolerance=tolerance
    )


def _by_thresholds(policy: Policy, each: float, current: int) -> tuple[int, str]:
    what = f"{policy.metric_name} {each:g}" + (" for each instance" if policy.is_shared else "")
    if each > policy.scale_up:
        return current + 1, f"{what} is above {policy.scale_up:g}"
    if each < policy.scale_down:
        return current - 1, f"{what} is below {policy.scale_down:g}"
    return current, f"{what} is between {policy.scale_down:g} and {policy.scale_up:g}"
