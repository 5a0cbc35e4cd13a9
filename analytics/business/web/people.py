"""People as a link names them: a stage of the lifecycle, a cell of the retention grid, a segment.

Contract   ``people`` reads what the others write; anything else is refused.
"""

from datetime import date
from typing import Final

from analytics.business.errors import QuestionInvalid
from analytics.business.selectors.comebacks import CohortBy, ReturnEvent
from analytics.business.selectors.drill_traders import STAGES, Who, of_cohort, of_everybody, of_segment, of_stage
from analytics.business.selectors.rhythm import PATTERNS, SEGMENTS

EVERYBODY: Final = "everybody"
_SEPARATOR: Final = "."
_SEGMENTS: Final = frozenset(f"{group}:{name}" for group, names in (SEGMENTS | PATTERNS).items() for name in names)


def stage_name(stage: str, before: date) -> str:
    return _SEPARATOR.join(("stage", stage, before.isoformat()))


def cohort_name(start: date, end: date, *, by: CohortBy, event: ReturnEvent) -> str:
    return _SEPARATOR.join(("cohort", start.isoformat(), end.isoformat(), by.value, event.value))


def segment_name(group: str, name: str) -> str:
    return _SEPARATOR.join(("segment", group, name))


def people(text: str) -> Who:
    """Raises: QuestionInvalid"""
    try:
        found = _people(text.split(_SEPARATOR))
    except ValueError:
        found = None
    if found is None:
        raise QuestionInvalid("Take the link from a page for managers.", field="/who")
    return found


def _people(parts: list[str]) -> Who | None:
    """Raises: ValueError for what is no date or no choice"""
    match parts:
        case [name] if name == EVERYBODY:
            return of_everybody()
        case ["stage", stage, before] if stage in STAGES:
            return of_stage(stage, date.fromisoformat(before))
        case ["cohort", start, end, by, event]:
            cohort = date.fromisoformat(start), date.fromisoformat(end)
            return of_cohort(*cohort, by=CohortBy(by), event=ReturnEvent(event))
        case ["segment", group, name] if f"{group}:{name}" in _SEGMENTS:
            return of_segment(f"{group}:{name}")
    return None
