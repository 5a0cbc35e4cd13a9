"""The three strategies: how often, from when on, and what is done without asking."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from monitoring.optimizer.types import Act, Finding, Risk, Strategy


@dataclass(frozen=True, slots=True)
class Plan:
    """``collect_percent``: of the machine's memory. ``observe_s``: how long a change is watched at most; ``rest_s``:
    how long a subsystem rests after that. ``automatic``: acts that may be done without asking."""

    strategy: Strategy
    cleanup_s: int
    collect_percent: float
    optimise_s: int
    observe_s: int
    rest_s: int
    automatic: frozenset[Act]
    confidence_min: float
    may_build_indexes: bool


_TUNING: Final = frozenset({Act.SET, Act.ROUND})
PLANS: Final[Mapping[Strategy, Plan]] = MappingProxyType(
    {
        Strategy.AGGRESSIVE: Plan(
            Strategy.AGGRESSIVE, 30, 70.0, 60, 300, 60, frozenset(Act) - {Act.ADVICE}, 0.4, may_build_indexes=True
        ),
        Strategy.BALANCED: Plan(
            Strategy.BALANCED, 120, 80.0, 300, 900, 300, _TUNING, 0.5, may_build_indexes=False
        ),
        Strategy.CONSERVATIVE: Plan(
            Strategy.CONSERVATIVE, 300, 90.0, 600, 1_800, 600, frozenset(), 1.1, may_build_indexes=False
        ),
    }
)  # fmt: skip
#: An index is built by itself only while the machine is busy less than this.
QUIET_CPU: Final = 50.0


def is_automatic(plan: Plan, finding: Finding, *, confidence: float, cpu: float | None) -> bool:
    """Whether ``finding`` is acted upon without asking anybody."""
    action = finding.action
    if action.act not in plan.automatic or confidence < plan.confidence_min:
        return False
    if action.act is Act.CREATE_INDEX:
        return cpu is not None and cpu < QUIET_CPU
    if plan.strategy is Strategy.AGGRESSIVE:
        return finding.risk is not Risk.HIGH
    return finding.risk is Risk.LOW
