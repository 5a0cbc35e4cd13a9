"""What the engine is told of a target."""

from typing import Any

import pytest

from monitoring.scaling.models import ScalingPolicy, ScalingTarget
from monitoring.scaling.selectors.targets import bounds, connections_cap, policied_targets

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("counts")]


def test_the_narrowest_bounds_count() -> None:
    assert bounds("web") == (1, 10)
    ScalingPolicy.objects.filter(name="cpu").update(min_instances=3, max_instances=7)
    assert bounds("web") == (3, 7)
    assert bounds("worker") == (1, 10)


def test_the_supervisor_keeps_what_it_began_with(settings: Any) -> None:
    ScalingTarget.objects.filter(name="web").update(actuator="local")
    assert bounds("web") == (settings.ENV.web_processes, 10)


def test_connections_bound_the_web_processes(settings: Any) -> None:
    cap = connections_cap("web")
    assert 1 <= cap <= 200 // settings.ENV.http_threads
    assert cap < connections_cap("worker")


def test_the_longest_cooldown_of_its_policies_is_the_target_s() -> None:
    ScalingPolicy.objects.filter(name="memory").update(cooldown_s=900)
    assert {one.target.name: one.target.cooldown_s for one in policied_targets()} == {"web": 900, "worker": 300}
