"""Each switch by itself and all of it at once say the same."""

from typing import Any

import pytest

from monitoring.optimizer.models import OptimizerSwitch
from monitoring.optimizer.selectors.switch import is_monitoring, is_optimizing, switch_state

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("usual", [False, True])
@pytest.mark.parametrize(
    ("row", "looks", "acts"),
    [
        (None, None, None),
        ({"is_monitoring": None, "is_optimizing": None}, None, None),
        ({"is_monitoring": True, "is_optimizing": False}, True, False),
        ({"is_monitoring": True, "is_optimizing": True}, True, True),
        ({"is_monitoring": False, "is_optimizing": True}, False, False),
    ],
)
def test_what_nobody_switched_is_as_the_environment_says(
    settings: Any, usual: bool, row: dict[str, bool | None] | None, looks: bool | None, acts: bool | None
) -> None:
    settings.PERFORMANCE_OPTIMIZATION_ENABLED = usual
    if row is not None:
        OptimizerSwitch.objects.create(**row)
    wanted = (usual if looks is None else looks, usual if acts is None else acts)
    assert (is_monitoring(), is_optimizing()) == wanted
    found = switch_state()
    assert (found.is_monitoring, found.is_optimizing) == wanted
