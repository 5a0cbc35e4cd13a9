"""Windows and rates, case by case."""

import pytest

from monitoring.scaling.engine.behaviour import combined, limit_in, limit_out, rated, settle, stabilised, with_change
from monitoring.scaling.types import Behaviour, Clamp, Memory, Moment, Rate, RateKind, Rules, Select

NOW = 1000.0
PODS, PERCENT = RateKind.PODS, RateKind.PERCENT
KUBERNETES = Behaviour()


def wishes(*pairs: tuple[float, int]) -> Memory:
    """Wishes of so many seconds ago."""
    return Memory(recommendations=tuple(Moment(NOW - ago, count) for ago, count in pairs))


def changes(*, outs: tuple[tuple[float, int], ...] = (), ins: tuple[tuple[float, int], ...] = ()) -> Memory:
    return Memory((), tuple(Moment(NOW - a, c) for a, c in outs), tuple(Moment(NOW - a, c) for a, c in ins))


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ([4], 4),
        ([4, 7, 2], 7),
        ([None, 7], 7),
        ([None, 5], 5),
        ([None, 4], None),
        ([None, None], None),
        ([], None),
        ([3, 2], 3),
    ],
)
def test_the_largest_wins_and_nothing_goes_down_half_blind(counts: list[int | None], expected: int | None) -> None:
    assert combined(5, counts) == expected


@pytest.mark.parametrize(
    ("what", "wished", "memory", "window_out_s", "expected"),
    [
        ("nothing is remembered", 5, wishes(), 0, 5),
        ("down waits for the highest of five minutes", 5, wishes((299, 8)), 0, 8),
        ("which are over", 5, wishes((300, 8)), 0, 5),
        ("never above what there is", 5, wishes((100, 30)), 0, 10),
        ("up at once", 20, wishes((10, 5)), 0, 20),
        ("up waits for the lowest of its window", 20, wishes((10, 12)), 60, 12),
        ("never below what there is", 20, wishes((10, 5)), 60, 10),
        ("several", 4, wishes((250, 6), (100, 7), (10, 5)), 0, 7),
    ],
)
def test_windows(what: str, wished: int, memory: Memory, window_out_s: float, expected: int) -> None:
    behaviour = Behaviour(out=Rules(window_out_s, KUBERNETES.out.rates))
    assert stabilised(10, wished, behaviour, memory, NOW) == expected, what


@pytest.mark.parametrize(
    ("what", "current", "rules", "memory", "expected"),
    [
        ("Kubernetes: four from one", 1, KUBERNETES.out, Memory(), 5),
        ("Kubernetes: double from ten", 10, KUBERNETES.out, Memory(), 20),
        ("what was added just now counts", 5, KUBERNETES.out, changes(outs=((10, 4),)), 5),
        ("what was added before doesn't", 5, KUBERNETES.out, changes(outs=((15, 4),)), 10),
        ("what was taken away may come back", 5, KUBERNETES.out, changes(ins=((10, 5),)), 20),
        ("least", 10, Rules(0, (Rate(PODS, 4, 15), Rate(PERCENT, 100, 15)), Select.MIN), Memory(), 14),
        ("not at all", 10, Rules(0, (Rate(PODS, 4, 15),), Select.DISABLED), Memory(), 10),
        ("percent are rounded up", 1, Rules(0, (Rate(PERCENT, 10, 60),)), Memory(), 2),
        ("percent of the beginning", 12, Rules(0, (Rate(PERCENT, 50, 60),)), changes(outs=((30, 2),)), 15),
        ("periods of their own", 10, Rules(0, (Rate(PODS, 1, 10), Rate(PODS, 3, 60))), changes(outs=((30, 3),)), 11),
    ],
)
def test_rates_outwards(what: str, current: int, rules: Rules, memory: Memory, expected: int) -> None:
    assert limit_out(current, rules, memory, NOW) == expected, what


@pytest.mark.parametrize(
    ("what", "current", "rules", "memory", "expected"),
    [
        ("Kubernetes: all at once", 10, KUBERNETES.into, Memory(), 0),
        ("one a minute", 10, Rules(0, (Rate(PODS, 1, 60),)), Memory(), 9),
        ("which is used up", 9, Rules(0, (Rate(PODS, 1, 60),)), changes(ins=((30, 1),)), 9),
        ("percent lose their fraction", 7, Rules(0, (Rate(PERCENT, 10, 60),)), Memory(), 6),
        ("the greater change", 100, Rules(0, (Rate(PODS, 4, 60), Rate(PERCENT, 10, 60))), Memory(), 90),
        ("least", 100, Rules(0, (Rate(PODS, 4, 60), Rate(PERCENT, 10, 60)), Select.MIN), Memory(), 96),
        ("not at all", 10, Rules(0, (Rate(PODS, 4, 60),), Select.DISABLED), Memory(), 10),
        ("what was added counts for the beginning", 10, Rules(0, (Rate(PODS, 1, 60),)), changes(outs=((9, 4),)), 5),
    ],
)
def test_rates_inwards(what: str, current: int, rules: Rules, memory: Memory, expected: int) -> None:
    assert limit_in(current, rules, memory, NOW) == expected, what


def test_a_limit_never_turns_the_direction() -> None:
    one_each = Behaviour(Rules(0, (Rate(PODS, 1, 60),)), Rules(0, (Rate(PODS, 1, 60),)))
    assert rated(9, 12, one_each, changes(outs=((30, 4),)), NOW) == 9
    assert rated(9, 3, one_each, changes(ins=((30, 4),)), NOW) == 9
    assert rated(9, 9, one_each, Memory(), NOW) == 9


def test_a_count_outside_of_its_bounds_comes_inside_at_once() -> None:
    found = settle(current=12, wished=12, low=1, high=10, behaviour=KUBERNETES, memory=Memory(), now=NOW)
    assert found == (10, (Clamp("bounds", 12, 10),), Memory())


def test_each_bound_that_counted_is_named() -> None:
    memory = wishes((100, 9))
    down = settle(current=10, wished=2, low=1, high=10, behaviour=KUBERNETES, memory=memory, now=NOW)
    assert down[:2] == (9, (Clamp("window", 2, 9),))
    assert down[2].recommendations == (*memory.recommendations, Moment(NOW, 2))
    up = settle(current=2, wished=50, low=1, high=5, behaviour=KUBERNETES, memory=Memory(), now=NOW)
    assert up[:2] == (5, (Clamp("rate", 50, 6), Clamp("bounds", 6, 5)))


def test_only_what_still_counts_is_remembered() -> None:
    old = Memory((Moment(0.0, 3),), (Moment(0.0, 1),), (Moment(990.0, 2),))
    later = settle(current=3, wished=3, low=1, high=9, behaviour=KUBERNETES, memory=old, now=NOW)[2]
    assert later.recommendations == (Moment(NOW, 3),)
    assert with_change(old, KUBERNETES, NOW, 4) == Memory(old.recommendations, (Moment(NOW, 4),), old.ins)
