"""A site whose instances and measurements are as a test says."""

from collections.abc import Callable

import pytest

from common import clock
from monitoring.scaling.services import decide_targets as deciding
from monitoring.scaling.services._actuators import Errand
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

    def act(errand: Errand) -> bool:
        if errand.target.actuator == "advisory":
            return False
        found[errand.target.name] = errand.count
        return True

    monkeypatch.setattr(deciding, "act", act)
    return found
