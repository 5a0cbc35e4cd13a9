"""A site whose instances and measurements are as a test says."""

from collections.abc import Callable
from typing import Any

import pytest

from common import clock
from monitoring.scaling.services import decide_targets as deciding
from monitoring.scaling.services.provide_defaults import provide_defaults
from monitoring.types import SeriesKey
from tests.monitoring.stored import store

Measure = Callable[..., None]


@pytest.fixture
def measured(db: None) -> Measure:
    """Store values of this moment: ``measured(cpu_usage=91)``."""

    def now(**values: float) -> None:
        store({int(clock.now().timestamp()): {SeriesKey(name): value for name, value in values.items()}})

    return now


@pytest.fixture
def counts(monkeypatch: pytest.MonkeyPatch, db: None) -> dict[str, int | None]:
    """How many instances each target has; a count that was carried out is the new one."""
    provide_defaults()
    found: dict[str, int | None] = {"web": 2, "worker": 1}
    monkeypatch.setattr(deciding, "instance_count", found.get)

    def act(actuator: Any, *, before: int, count: int) -> bool:
        if actuator == "advisory":
            return False
        found[next(name for name, value in found.items() if value == before and name == "worker")] = count
        return True

    monkeypatch.setattr(deciding, "act", act)
    return found
