"""What the engine is told of a target."""

from typing import Any
from unittest.mock import MagicMock

import pytest

from common.shared_thread import CONNECTIONS_MAX
from monitoring.scaling.engine.guards import connection_cap
from monitoring.scaling.models import ScalingPolicy, ScalingTarget
from monitoring.scaling.selectors import targets
from monitoring.scaling.selectors.targets import bounds, connections_caps, policied_targets

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
    workers, web = connections_caps()
    assert 1 <= web <= 200 // settings.ENV.http_threads
    assert web < workers
    assert {one.target.name: one.target.cap for one in policied_targets()} == {"web": web, "worker": workers}


def test_each_kind_s_own_connections_leave_room_for_it(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    cursor = MagicMock()
    cursor.__enter__.return_value.fetchone.return_value = (200, 3, 150, 100, 40)
    monkeypatch.setattr(targets, "connection", MagicMock(cursor=lambda: cursor))
    own = settings.ENV.http_threads + CONNECTIONS_MAX
    assert connections_caps() == (
        connection_cap(connections_max=200, reserved=3, others=110, per_instance=1),
        connection_cap(connections_max=200, reserved=3, others=50, per_instance=own),
    )


def test_more_targets_need_no_more_statements(django_assert_num_queries: Any) -> None:
    ScalingTarget.objects.bulk_create(ScalingTarget(name=f"pool-{number}") for number in range(30))
    with django_assert_num_queries(3):
        assert len(policied_targets()) == 32


def test_the_longest_cooldown_of_its_policies_is_the_target_s() -> None:
    ScalingPolicy.objects.filter(name="memory").update(cooldown_s=900)
    assert {one.target.name: one.target.cooldown_s for one in policied_targets()} == {"web": 900, "worker": 300}
