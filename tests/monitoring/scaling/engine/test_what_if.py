"""A measured day by other policies."""

from dataclasses import replace

import pytest

from monitoring.scaling.engine.decision import Target
from monitoring.scaling.engine.policies import Policy
from monitoring.scaling.engine.what_if import Past, measured, replay
from monitoring.scaling.types import Behaviour, Rules

CPU = Policy("cpu", "cpu_usage", 80.0, 30.0)
SITE = Target(
    "web", low=1, high=4, cooldown_s=0.0, cost=6.0, behaviour=Behaviour(into=Rules(0.0, Behaviour().into.rates))
)


def past(*values: float | None, count: int = 2) -> Past:
    return Past(0.0, {"cpu_usage": values}, [count] * len(values))


def test_load_is_spread_over_the_instances_that_there_would_have_been() -> None:
    # 90 % of two is 60 % of three: above the limit once, and then between both.
    found = replay(past(50.0, 90.0, 90.0, 90.0), SITE, [CPU])
    assert found.counts == (2, 2, 3, 3)
    assert (found.late_min, found.changes, found.turns) == (1, 1, 0)
    assert found.hours == pytest.approx(10 / 60)
    assert found.cost == pytest.approx(1.0)
    assert found.reasons == ((1, 2, 3, "cpu_usage 90 is above 80"),)


def test_what_was_is_told_in_the_same_figures() -> None:
    found = measured(past(50.0, 90.0, 90.0, 90.0), SITE, [CPU])
    assert (found.counts, found.late_min, found.changes) == ((2, 2, 2, 2), 3, 0)


def test_an_earlier_limit_prevents_the_late_minute_and_costs_more() -> None:
    day = past(50.0, 70.0, 95.0, 95.0)
    now, would = replay(day, SITE, [CPU]), replay(day, SITE, [replace(CPU, scale_up=60.0)], limits=[CPU])
    assert (now.late_min, would.late_min) == (1, 0)
    assert would.hours > now.hours


def test_a_shared_series_is_divided_and_others_stay_as_they_were() -> None:
    throughput = Policy("throughput", "throughput", 100.0, 10.0, is_shared=True)
    time = Policy("time", "response_time", 100.0, 30.0)
    day = Past(0.0, {"throughput": (150.0, 150.0), "response_time": (40.0, 250.0)}, [1, 1])
    assert replay(day, SITE, [throughput]).counts == (1, 2)
    assert replay(day, SITE, [throughput]).late_min == 1
    assert replay(day, SITE, [time]).late_min == 1


def test_gaps_hold_the_count_and_turns_are_counted() -> None:
    found = replay(past(90.0, None, None, 10.0, 10.0, count=1), SITE, [CPU])
    assert found.counts == (1, 2, 2, 2, 1)
    assert (found.changes, found.turns) == (2, 1)
    assert replay(Past(0.0, {"cpu_usage": ()}, []), SITE, [CPU]).counts == ()
