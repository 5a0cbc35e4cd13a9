import math

from monitoring.forecasting.engine.grid import filled, masked, rates, recent


def test_a_counter_becomes_its_growth_and_survives_a_reset() -> None:
    assert rates([10.0, 15.0, None, 18.0, 2.0, 5.0]) == [None, 5.0, None, 3.0, 2.0, 3.0]
    assert rates([None, 4.0]) == [None, None]


def test_incidents_are_masked() -> None:
    assert masked([1.0, 9.0, 2.0], [1]) == [1.0, None, 2.0]


def test_a_long_gap_cuts_off_what_was_before() -> None:
    values = [1.0] * 10 + [None] * 30 + [2.0, None, 3.0]
    assert recent(values) == [2.0, None, 3.0]
    assert recent([None, 1.0, None, 2.0, None]) == [1.0, None, 2.0]


def test_what_is_no_number_is_missing() -> None:
    assert recent([1.0, math.nan, math.inf, 2.0]) == [1.0, None, None, 2.0]
    assert recent([None, None]) == []


def test_gaps_are_bridged_without_the_future() -> None:
    assert filled([1.0, None, None, 4.0]) == [1.0, 1.0, 1.0, 4.0]
