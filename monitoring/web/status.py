"""The line at the head of the operations pages as the server first says it; the browser adds since when."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from common.phrases import said
from monitoring.engine.catalogue import CATALOGUE
from monitoring.engine.health import state_of
from monitoring.engine.readings import reading
from monitoring.types import SeriesSpec, State, Thresholds

_HEALTH: Final = "health_score"


@dataclass(frozen=True, slots=True)
class StatusView:
    state: str
    head: str
    more: str


def status_of(values: Mapping[str, float | None], limits: Mapping[str, Thresholds]) -> StatusView:
    """What is past its limits, the critical first; static/js/lib/status_line.js says the same."""
    known = sum(value is not None for value in values.values())
    if not known:
        more = "No process has measured itself yet. They begin a second after the start, unless METRICS_ENABLED is off."
        return StatusView("unknown", "No measurements are arriving", more)
    states = {name: state_of(name, values.get(name), limits.get(name)) for name in CATALOGUE if name != _HEALTH}
    critical = [name for name, state in states.items() if state is State.CRITICAL]
    past = critical + [name for name, state in states.items() if state is State.WARNING]
    if not past:
        return StatusView("good", "Everything is fine", f"All {known} measured values are within their limits.")
    more = " · ".join(
        [*(said(_short(CATALOGUE[name], values[name])) for name in past[:4]), said("the rest is within its limits")]
    )
    return StatusView("critical" if critical else "warning", _head(past, values), more)


def _head(past: list[str], values: Mapping[str, float | None]) -> str:
    first = CATALOGUE[past[0]]
    return (
        _short(first, values[first.name])
        if len(past) == 1
        else f"{first.title} and {len(past) - 1} more need attention"
    )


def _short(spec: SeriesSpec, value: float | None) -> str:
    if spec.unit == "0/1":
        return f"{spec.title} broken"
    read = reading(value, spec.unit, spec.decimals)
    space = "" if read.unit.startswith(("%", "/")) or not read.unit else " "
    return f"{spec.title} {'low' if spec.better == 'high' else 'high'} at {read.number}{space}{read.unit}"
