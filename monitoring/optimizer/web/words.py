"""What a recommendation is in words and in a drawing, for the board."""

from dataclasses import dataclass
from typing import Final

from common.tuning.declared import spec_of
from monitoring.engine.catalogue import CATALOGUE
from monitoring.optimizer.models import Recommendation
from monitoring.optimizer.types import REVERSIBLE, Act, Status

#: The drawing is as wide as changes from -100 % to +100 %.
_WIDTH: Final = 200.0
_STATUS: Final = {
    Status.PROPOSED: "Proposed",
    Status.APPROVED: "Approved, being done",
    Status.AUTOMATIC: "Being done by itself",
    Status.APPLIED: "In force",
    Status.OBSERVING: "In force, being watched",
    Status.KEPT: "Kept",
    Status.REVERTED: "Taken back",
    Status.INCONCLUSIVE: "Left in force, undecided",
    Status.FAILED: "Failed",
    Status.DISMISSED: "Dismissed",
    Status.OUTDATED: "No longer found",
}
_VERBS: Final = {
    Act.VACUUM: "Vacuum and analyse {target}",
    Act.ANALYZE: "Analyse {target}",
    Act.CREATE_INDEX: "Create the index {target}",
    Act.DROP_INVALID: "Drop the unfinished index {target}",
    Act.ROUND: "Have every process do it once",
}


@dataclass(frozen=True, slots=True)
class Span:
    """Where an interval lies in the drawing, and its middle."""

    x: float
    width: float
    middle: float


@dataclass(frozen=True, slots=True)
class BoardItem:
    """``expected`` and ``measured`` are sentences; the spans are None when there is nothing to draw."""

    row: Recommendation
    status: str
    action: str
    expected: str
    measured: str
    expected_span: Span | None
    measured_span: Span | None
    can_approve: bool
    can_revert: bool
    can_dismiss: bool


def board_item(row: Recommendation) -> BoardItem:
    status = Status(row.status)
    is_reversible = Act(row.act) in REVERSIBLE
    in_force = status in (Status.APPLIED, Status.OBSERVING, Status.KEPT, Status.INCONCLUSIVE)
    metric = _metric(row)
    return BoardItem(
        row=row,
        status=_STATUS[status],
        action=_action(row),
        expected=f"{metric} {_share(row.expected)} ({_share(row.expected_low)} to {_share(row.expected_high)})",
        measured=_measured(row, metric),
        expected_span=None if row.is_advice else _span(row.expected_low, row.expected_high, row.expected),
        measured_span=_measured_span(row),
        can_approve=status is Status.PROPOSED and not row.is_advice,
        can_revert=in_force and is_reversible,
        can_dismiss=status is Status.PROPOSED,
    )


def _action(row: Recommendation) -> str:
    if row.is_advice:
        return str(row.details.get("advice", ""))
    if row.act == Act.SET:
        spec = spec_of(row.target)
        unit = f" {spec.unit}" if spec else ""
        return f"Set {row.target} to {row.value:g}{unit}"
    return _VERBS[Act(row.act)].format(target=row.target)


def _metric(row: Recommendation) -> str:
    head, _, tail = row.metric.partition(":")
    if tail:
        return "Time of the statement" if head == "statement" else "Hits of the function"
    spec = CATALOGUE.get(row.metric)
    return spec.title if spec else row.metric


def _measured(row: Recommendation, metric: str) -> str:
    if row.change is None or row.change_low is None or row.change_high is None:
        return ""
    # Stored for the worse; told as the metric moved.
    sign = -1 if row.is_gain else 1
    low, high = sorted((sign * row.change_low, sign * row.change_high))
    return (
        f"{metric} {_share(sign * row.change)} ({_share(low)} to {_share(high)}) at the same load, {row.pairs} moments"
    )


def _measured_span(row: Recommendation) -> Span | None:
    if row.change is None or row.change_low is None or row.change_high is None:
        return None
    sign = -1 if row.is_gain else 1
    return _span(sign * row.change_low, sign * row.change_high, sign * row.change)


def _span(low: float, high: float, middle: float) -> Span:
    first, last = sorted((_place(low), _place(high)))
    return Span(round(first, 1), round(max(last - first, 2.0), 1), round(_place(middle), 1))


def _place(share: float) -> float:
    return (min(1.0, max(-1.0, share)) + 1) / 2 * _WIDTH


def _share(share: float) -> str:
    # A true minus, as the rest of the site writes it.
    return f"{share:+.0%}".replace("-", "−")  # noqa: RUF001
