"""What a message about a group says.

Contract   Pure; the same alerts give the same words. The title is about what still fires; of a
           resolved one the channel says so.
Bound      ``LINES_MAX`` alerts are named, the others counted.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from alerting.engine.deduplication import Reason

LINES_MAX: Final = 20


@dataclass(frozen=True, slots=True)
class Line:
    """An alert of a message."""

    id: int
    name: str
    where: str
    severity: str
    state: str
    reason: str
    value: float | None
    is_resolved: bool
    description: str = ""
    runbook: str = ""
    owner: str = ""


@dataclass(frozen=True, slots=True)
class Notice:
    title: str
    text: str
    facts: tuple[tuple[str, str], ...]
    severity: str
    is_resolved: bool


_ORDER: Final = ("info", "warning", "critical", "emergency")


def notice_of(lines: Sequence[Line], reason: Reason) -> Notice:
    """Raises nothing; ``lines`` holds at least one."""
    firing = [line for line in lines if not line.is_resolved]
    shown = sorted(firing or lines, key=lambda line: -_ORDER.index(line.severity))
    worst = shown[0]
    told = [_told(line) for line in [*shown, *(line for line in lines if line.is_resolved and firing)][:LINES_MAX]]
    rest = len(lines) - len(told)
    text = "\n".join([*told, *([f"and {rest} more"] if rest > 0 else [])])
    return Notice(_title(worst, firing, lines), text, _facts(worst, firing, lines, reason), worst.severity, not firing)


def _title(worst: Line, firing: Sequence[Line], lines: Sequence[Line]) -> str:
    more = len({line.name for line in firing or lines}) - 1
    name = worst.name + (f" ({worst.where})" if worst.where else "") + (f" and {more} more" if more else "")
    return f"{worst.severity.capitalize()}: {name}" if firing else name


def _told(line: Line) -> str:
    state = "resolved" if line.is_resolved else line.severity
    where = f" ({line.where})" if line.where else ""
    return f"{state}: {line.name}{where}. {line.reason}".strip()


def _facts(worst: Line, firing: Sequence[Line], lines: Sequence[Line], reason: Reason) -> tuple[tuple[str, str], ...]:
    given = {
        "Firing": str(len(firing)),
        "Resolved": str(len(lines) - len(firing)),
        "Value": "" if worst.value is None else f"{worst.value:g}",
        "About": worst.description,
        "Owner": worst.owner,
        "Runbook": worst.runbook,
        "Why now": reason.value,
    }
    return tuple((name, value) for name, value in given.items() if value)
