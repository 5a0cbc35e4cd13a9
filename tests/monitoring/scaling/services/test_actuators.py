"""The pool of the worker, as its remote control sees it."""

from typing import Any

import pytest

from common import clock
from monitoring.scaling.errors import ActuatorFailed
from monitoring.scaling.models import Actuator, ScalingTarget
from monitoring.scaling.selectors import instances
from monitoring.scaling.selectors.instances import instance_count
from monitoring.scaling.services import _actuators
from monitoring.scaling.services._actuators import Errand, act
from monitoring.selectors.recent_frames import Recent
from monitoring.types import Role
from tests.monitoring.telling import frame


class Control:
    """Workers with so many processes each; ``answers`` is what a command is answered with."""

    def __init__(self, **pools: int) -> None:
        self.pools = {f"{name}@h": {"pool": {"processes": [1] * count}} for name, count in pools.items()}
        self.sent: list[tuple[Any, ...]] = []
        self.answer: dict[str, str] | None = {"ok": "pool will grow"}

    def inspect(self, timeout: float) -> "Control":
        return self

    def stats(self) -> dict[str, Any] | None:
        return self.pools or None

    def broadcast(self, command: str, arguments: Any, destination: list[str], **options: Any) -> list[Any]:
        self.sent.append((command, arguments, destination))
        return [] if self.answer is None else [{destination[0]: self.answer}]


def errand(actuator: Actuator, before: int, count: int) -> Errand:
    return Errand(ScalingTarget(name="worker", actuator=actuator), before, count, "because", clock.now())


@pytest.fixture
def control(monkeypatch: pytest.MonkeyPatch) -> Control:
    made = Control(celery=2, jobs=5)
    for module in (instances, _actuators):
        monkeypatch.setattr(module, "current_app", type("App", (), {"control": made}))
    return made


def test_only_the_workers_of_short_tasks_count(control: Control) -> None:
    assert instance_count("worker") == 2
    control.pools = {}
    assert instance_count("worker") is None


def test_the_pool_grows_and_shrinks(control: Control) -> None:
    assert act(errand(Actuator.CELERY, 2, 5))
    assert act(errand(Actuator.CELERY, 5, 4))
    assert control.sent == [("pool_grow", {"n": 3}, ["celery@h"]), ("pool_shrink", {"n": 1}, ["celery@h"])]


def test_nothing_to_do_and_advice_send_nothing(control: Control) -> None:
    assert not act(errand(Actuator.CELERY, 2, 2))
    assert not act(errand(Actuator.ADVISORY, 2, 5))
    assert control.sent == []


def test_what_a_worker_refuses_is_told(control: Control) -> None:
    control.answer = {"error": "Pool can't shrink"}
    with pytest.raises(ActuatorFailed, match="celery@h: Pool can't shrink"):
        act(errand(Actuator.CELERY, 2, 1))
    control.answer = None
    with pytest.raises(ActuatorFailed, match="didn't answer"):
        act(errand(Actuator.CELERY, 2, 1))
    control.pools = {}
    with pytest.raises(ActuatorFailed, match="No worker answers"):
        act(errand(Actuator.CELERY, 2, 1))


def test_web_processes_are_those_that_told_lately(monkeypatch: pytest.MonkeyPatch) -> None:
    frames = (
        frame(100, process="web-h-1"),
        frame(98, process="web-h-2"),
        frame(90, process="web-h-3"),
        frame(100, process="worker-h-4", role=Role.WORKER),
    )
    monkeypatch.setattr(instances, "recent_frames", lambda: Recent(100, frames))
    assert instance_count("web") == 2
    monkeypatch.setattr(instances, "recent_frames", lambda: None)
    assert instance_count("web") is None
