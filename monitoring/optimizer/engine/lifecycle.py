"""What may become of a recommendation, and what the measurements say of it.

proposed -> approved | automatic -> applied -> observing -> kept | reverted | inconclusive
Contract   Pure. A change is taken back as soon as the bad tail crosses: when it is likely that it made what it should
           better, or a guard, worse by more than ``HARM``. It is kept when it certainly helped; when time is up and
           neither is certain, it stays and says so. What a person took back is reverted too.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from monitoring.optimizer.engine.effects import Measured
from monitoring.optimizer.types import Status

NEXT: Final[Mapping[Status, frozenset[Status]]] = {
    Status.PROPOSED: frozenset({Status.APPROVED, Status.AUTOMATIC, Status.DISMISSED, Status.OUTDATED}),
    Status.APPROVED: frozenset({Status.APPLIED, Status.FAILED, Status.DISMISSED, Status.OUTDATED}),
    Status.AUTOMATIC: frozenset({Status.APPLIED, Status.FAILED, Status.DISMISSED, Status.OUTDATED}),
    Status.APPLIED: frozenset({Status.OBSERVING, Status.REVERTED}),
    Status.OBSERVING: frozenset({Status.KEPT, Status.REVERTED, Status.INCONCLUSIVE}),
    Status.KEPT: frozenset({Status.REVERTED}),
    Status.INCONCLUSIVE: frozenset({Status.REVERTED}),
}
#: Worse by more than this share is harm; better by more than ``HELP`` is help.
HARM: Final = 0.05
HELP: Final = 0.02
HARM_CHANCE: Final = 0.9
#: A verdict that is good waits for half of the time; harm doesn't.
PATIENCE: Final = 0.5


def may_become(status: Status, other: Status) -> bool:
    return other in NEXT.get(status, frozenset())


@dataclass(frozen=True, slots=True)
class Verdict:
    """``status`` is None while it is too early to say."""

    status: Status | None
    reason: str


def verdict(
    main: Measured | None, guards: Sequence[tuple[str, Measured]], *, elapsed_s: float, observe_s: float
) -> Verdict:
    """What ``main`` (the metric that should get better) and the ``guards`` say; above zero is for the worse."""
    named = [] if main is None else [("the metric that it was for", main)]
    for name, measured in [*named, *guards]:
        if measured.chance_above(HARM) >= HARM_CHANCE:
            return Verdict(Status.REVERTED, f"{name} got {measured.change:+.0%} worse at the same load.")
    if main is not None and main.high < -HELP and elapsed_s >= observe_s * PATIENCE:
        return Verdict(Status.KEPT, f"It got {-main.change:.0%} better at the same load.")
    if elapsed_s < observe_s:
        return Verdict(None, "")
    if main is None:
        return Verdict(Status.INCONCLUSIVE, "Too little was measured to tell.")
    return Verdict(Status.INCONCLUSIVE, f"A change of {main.change:+.0%} can't be told from chance.")
