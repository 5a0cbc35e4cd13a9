"""Rules and histories that tests start from."""

from collections.abc import Sequence
from typing import Any

from alerting.engine.documents import rule_of
from alerting.engine.points import History, Points
from alerting.types import Rule
from monitoring.types import SeriesKey


def rule(**fields: Any) -> Rule:
    """A rule on ``cpu``: above 80 a warning, above 95 critical, unless told otherwise."""
    document: dict[str, Any] = {"name": "CPU", "expression": "cpu", "condition": "gt"}
    if "threshold" not in fields:
        document["levels"] = {"warning": 80, "critical": 95}
    return rule_of(document | fields)


def history(step_s: float = 60.0, **series: Sequence[float | None]) -> History:
    return History(
        {SeriesKey(name): Points([step_s * at for at in range(len(found))], found) for name, found in series.items()}
    )
