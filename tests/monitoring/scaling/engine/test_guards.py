import pytest

from monitoring.scaling.engine.guards import Change, connection_cap, turns


@pytest.mark.parametrize(
    ("signs", "expected"), [([], 0), ([1], 0), ([1, 1, 2], 0), ([1, -1], 1), ([1, -1, 1, -1], 3), ([1, -1, -1, 1], 2)]
)
def test_turns_of_the_last_hour(signs: list[int], expected: int) -> None:
    recent = [Change(5000.0 + step, sign) for step, sign in enumerate(signs)]
    first = [Change(1.0, signs[0])] if signs else []
    assert turns([*first, *recent], now=5100.0) == expected


def test_a_turn_counts_by_its_own_time() -> None:
    assert turns([Change(1.0, 1), Change(3500.0, -1)], now=3700.0) == 1
    assert turns([Change(1.0, 1), Change(3500.0, -1)], now=7100.0) == 0


def test_the_database_s_connections_divide_among_instances() -> None:
    assert connection_cap(connections_max=100, reserved=10, others=20, per_instance=32) == 2
    assert connection_cap(connections_max=100, reserved=10, others=95, per_instance=32) == 1
    assert connection_cap(connections_max=300, reserved=10, others=20, per_instance=10) == 27
