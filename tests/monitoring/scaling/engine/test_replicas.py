"""Kubernetes' arithmetic, case by case; each line says what its controller answers."""

import pytest

from monitoring.scaling.engine.replicas import average_count, resource_count, shared_count, value_count
from monitoring.scaling.types import Instance, Tolerance

PLAIN = Tolerance()
NONE = Tolerance(0.0, 0.0)


def ready(*used: int, requested: int = 1000) -> list[Instance]:
    return [Instance(one, requested) for one in used]


def silent(count: int) -> list[Instance]:
    return [Instance(None)] * count


def starting(*used: int | None) -> list[Instance]:
    return [Instance(one, 1000, is_ready=False) for one in used]


RESOURCE = [
    ("50 at 90 of 75 are 60", 50, 75, ready(*[900] * 50), PLAIN, 60),
    ("double the target doubles", 3, 30, ready(600, 600, 600), PLAIN, 6),
    ("a mean above the target", 3, 30, ready(300, 500, 700), PLAIN, 5),
    ("within the tolerance it stays", 3, 100, ready(1010, 1030, 1020), PLAIN, 3),
    ("at the edge of the tolerance it stays", 10, 50, ready(*[550] * 10), PLAIN, 10),
    ("just above the edge", 10, 50, ready(*[560] * 10), PLAIN, 12),
    ("at the lower edge it stays", 10, 50, ready(*[450] * 10), PLAIN, 10),
    ("just below the edge", 10, 50, ready(*[440] * 10), PLAIN, 9),
    ("no tolerance", 10, 50, ready(*[510] * 10), NONE, 11),
    ("a tolerance outwards of its own", 10, 50, ready(*[700] * 10), Tolerance(0.5, 0.1), 10),
    ("a tolerance inwards of its own", 10, 50, ready(*[300] * 10), Tolerance(0.1, 0.5), 10),
    ("it goes down", 5, 50, ready(100, 300, 500, 250, 250), PLAIN, 3),
    ("idle instances", 4, 50, ready(0, 0, 0, 0), PLAIN, 0),
    ("percent lose their fraction", 3, 50, ready(550, 551, 559), NONE, 4),
    ("requests that differ", 2, 50, [Instance(500, 500), Instance(500, 1500)], PLAIN, 2),
    ("requests of half a core", 4, 50, ready(400, 400, 400, 400, requested=500), PLAIN, 7),
    ("above 100 percent", 2, 50, ready(1500, 1500), PLAIN, 6),
    ("one becomes two", 1, 50, ready(600), PLAIN, 2),
    ("a missing one counts as idle outwards", 4, 50, [*ready(800, 800, 800), *silent(1)], PLAIN, 5),
    ("so it may not be enough to change", 3, 50, [*ready(800, 800), *silent(1)], PLAIN, 3),
    ("and never turns the direction", 4, 50, [*ready(600, 600), *silent(2)], PLAIN, 4),
    ("a missing one counts as busy inwards", 4, 50, [*ready(100, 100, 100), *silent(1)], PLAIN, 3),
    ("which can keep all", 2, 50, [*ready(100), *silent(1)], PLAIN, 2),
    ("busy is the target where that is above 100", 4, 200, [*ready(500, 500, 500), *silent(1)], PLAIN, 2),
    ("missing at the target changes nothing", 3, 50, [*ready(500, 500), *silent(1)], PLAIN, 3),
    ("a starting one is left out inwards", 3, 50, [*ready(200, 200), *starting(900)], PLAIN, 1),
    ("a starting one counts as idle outwards", 3, 50, [*ready(900, 900), *starting(900)], PLAIN, 4),
    ("and holds a change back", 3, 50, [*ready(700, 700), *starting(None)], PLAIN, 3),
    ("two start, one works", 3, 50, [*ready(1000), *starting(None, None)], PLAIN, 3),
    ("starting and missing, outwards", 4, 50, [*ready(1000, 1000), *silent(1), *starting(None)], PLAIN, 4),
    ("starting and missing, far outwards", 4, 30, [*ready(1000, 1000), *silent(1), *starting(None)], PLAIN, 7),
    ("starting and missing, inwards", 4, 50, [*ready(100, 100), *silent(1), *starting(None)], PLAIN, 3),
    ("nobody is measured", 2, 50, silent(2), PLAIN, None),
    ("nobody is ready", 2, 50, starting(500, 500), PLAIN, None),
    ("nobody is there", 0, 50, [], PLAIN, None),
]


@pytest.mark.parametrize(
    ("current", "target", "instances", "tolerance", "expected"),
    [case[1:] for case in RESOURCE],
    ids=[c[0] for c in RESOURCE],
)
def test_a_target_in_percent(
    current: int, target: int, instances: list[Instance], tolerance: Tolerance, expected: int | None
) -> None:
    found = resource_count(current=current, target_percent=target, instances=instances, tolerance=tolerance)
    assert found == expected


AVERAGE = [
    ("a mean above the target", 3, 15_000, ready(20_000, 10_000, 30_000), 4),
    ("a mean below the target", 3, 20_000, ready(12_000, 12_000, 12_000), 2),
    ("within the tolerance", 3, 15_000, ready(15_000, 15_500, 14_500), 3),
    ("a mean loses its fraction", 3, 1, ready(1, 1, 3), 3),
    ("missing is at the target inwards", 3, 10_000, [*ready(2_000, 2_000), *silent(1)], 2),
    ("missing is idle outwards", 3, 10_000, [*ready(30_000, 30_000), *silent(1)], 6),
    ("starting is idle outwards", 3, 10_000, [*ready(30_000, 30_000), *starting(None)], 6),
    ("starting is left out inwards", 3, 10_000, [*ready(2_000, 2_000), *starting(None)], 1),
    ("assumptions don't turn it", 3, 10_000, [*ready(14_000, 14_000), *silent(1)], 3),
    ("nobody is measured", 3, 10_000, silent(3), None),
]


@pytest.mark.parametrize(
    ("current", "target", "instances", "expected"), [case[1:] for case in AVERAGE], ids=[case[0] for case in AVERAGE]
)
def test_a_target_for_the_mean(current: int, target: int, instances: list[Instance], expected: int | None) -> None:
    assert average_count(current=current, target=target, instances=instances, tolerance=PLAIN) == expected


VALUE = [
    ("three at 20 of 5 are twelve", 3, 3, 5_000, 20_000, 12),
    ("within the tolerance", 3, 3, 5_000, 5_400, 3),
    ("at the edge", 3, 3, 10_000, 11_000, 3),
    ("below", 3, 3, 10_000, 3_000, 1),
    ("only the ready ones are multiplied", 4, 2, 5_000, 20_000, 8),
    ("nothing to do", 3, 3, 5_000, 0, 0),
    ("from zero it counts alone", 0, 0, 5_000, 12_000, 3),
    ("from zero without tolerance", 0, 0, 5_000, 5_100, 2),
    ("zero stays", 0, 0, 5_000, 0, 0),
]


@pytest.mark.parametrize(
    ("current", "count", "target", "value", "expected"), [case[1:] for case in VALUE], ids=[case[0] for case in VALUE]
)
def test_a_target_for_one_value(current: int, count: int, target: int, value: int, expected: int) -> None:
    assert value_count(current=current, ready=count, target=target, value=value, tolerance=PLAIN) == expected


SHARED = [
    ("a queue of 20 by fives is four", 1, 5_000, 20_000, 4),
    ("within the tolerance", 4, 5_000, 21_000, 4),
    ("at the edge", 4, 5_000, 22_000, 4),
    ("above the edge", 4, 5_000, 22_100, 5),
    ("rounded up", 1, 5_000, 11_000, 3),
    ("an empty queue", 4, 5_000, 0, 0),
    ("in", 10, 5_000, 20_000, 4),
    ("from zero", 0, 5_000, 1_000, 1),
    ("zero stays", 0, 5_000, 0, 0),
]


@pytest.mark.parametrize(
    ("current", "target", "value", "expected"), [case[1:] for case in SHARED], ids=[case[0] for case in SHARED]
)
def test_a_value_that_instances_share(current: int, target: int, value: int, expected: int) -> None:
    assert shared_count(current=current, target=target, value=value, tolerance=PLAIN) == expected


def test_there_are_enough_cases() -> None:
    assert len(RESOURCE) + len(AVERAGE) + len(VALUE) + len(SHARED) >= 60
