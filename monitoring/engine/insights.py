"""Sentences about what the measurements show, each with its evidence.

Contract   Pure. Says only what the numbers say: what is past a threshold, what changed within the hour, who is silent.
           The worst come first; at most ``INSIGHTS_MAX``.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from monitoring.engine.cards import Direction, Trend, Verdict
from monitoring.engine.health import state_of
from monitoring.types import SeriesSpec, State, Thresholds

INSIGHTS_MAX: Final = 12
#: A change within the hour is worth a sentence from this many percent on.
NOTABLE_PERCENT: Final = 25.0
_RANK: Final = {"critical": 0, "warning": 1, "info": 2}


@dataclass(frozen=True, slots=True)
class Insight:
    """``severity`` is critical, warning or info; ``series`` is empty when it isn't about one."""

    severity: str
    title: str
    detail: str
    series: str = ""


def insights_of(
    specs: Iterable[SeriesSpec],
    values: Mapping[str, float | None],
    thresholds: Mapping[str, Thresholds],
    trends: Mapping[str, Trend],
    silent: Sequence[str] = (),
) -> list[Insight]:
    """``silent`` are parts that should tell but don't, such as "the worker"."""
    found = [_silence(part) for part in silent]
    for spec in specs:
        if spec.group == "health":
            # Worked out from the others, which say why.
            continue
        past = _past(spec, values.get(spec.name), thresholds.get(spec.name))
        change = _change(spec, trends[spec.name]) if spec.name in trends else None
        found += [insight for insight in (past, change) if insight is not None]
    return sorted(found, key=lambda insight: _RANK[insight.severity])[:INSIGHTS_MAX]


def shown(spec: SeriesSpec, value: float) -> str:
    """A value with its unit, as a reader writes it."""
    text = f"{value:,.{spec.decimals}f}"
    return text if spec.unit == "0/1" else f"{text} {spec.unit}"


def _silence(part: str) -> Insight:
    return Insight("critical", f"Nothing is heard from {part}.", "Look whether it runs: GET /api/v1/health.")


def _past(spec: SeriesSpec, value: float | None, limits: Thresholds | None) -> Insight | None:
    state = state_of(spec.name, value, limits)
    if value is None or limits is None or state not in (State.WARNING, State.CRITICAL):
        return None
    limit = limits.critical if state is State.CRITICAL else limits.warn
    begins = "" if limit is None else f" {state.value.capitalize()} begins at {shown(spec, limit)}."
    return Insight(state.value, f"{spec.title}: {shown(spec, value)}.", f"{spec.help}{begins}", spec.name)


def _change(spec: SeriesSpec, trend: Trend) -> Insight | None:
    if trend.percent is None or abs(trend.percent) < NOTABLE_PERCENT or trend.direction is Direction.FLAT:
        return None
    assert trend.before is not None
    assert trend.now is not None
    verb = "rose" if trend.direction is Direction.UP else "fell"
    judged = {Verdict.BETTER: ", which is better", Verdict.WORSE: ", which is worse"}.get(trend.verdict, "")
    title = f"{spec.title} {verb} by {abs(trend.percent):.0f} % within the hour{judged}."
    detail = f"From {shown(spec, trend.before)} to {shown(spec, trend.now)}, each the mean of five minutes."
    return Insight("info", title, detail, spec.name)
