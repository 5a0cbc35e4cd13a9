from hypothesis import given
from hypothesis import strategies as st

from alerting.engine.points import History, Points, age_s, last, near, window
from monitoring.types import SeriesKey

SERIES = Points([0, 10, 20, 30, 40], [1.0, None, 3.0, None, 5.0])


def test_the_newest_value_must_be_fresh() -> None:
    assert last(SERIES, 40, 60) == 5.0
    assert last(SERIES, 39, 60) == 3.0
    assert last(SERIES, 39, 18) is None
    assert last(SERIES, -1, 60) is None
    assert (age_s(SERIES, 39), age_s(SERIES, -1)) == (19, None)


def test_a_window_leaves_out_its_start_and_gaps() -> None:
    assert window(SERIES, 0, 40) == ([20, 40], [3.0, 5.0])
    assert near(SERIES, 20, 40) == 3.0
    assert near(SERIES, 10, 5) is None


def test_a_dimension_without_a_series_has_the_whole_sites() -> None:
    site, web = Points([0], [1.0]), Points([0], [2.0])
    history = History({SeriesKey("cpu"): site, SeriesKey("cpu", "process:web-1"): web, SeriesKey("mem"): site})
    assert history.points("cpu", "process:web-1") is web
    assert history.points("mem", "process:web-1") is site
    assert history.dimensions(["cpu", "mem"], "process") == ["process:web-1"]
    assert (history.dimensions(["cpu"], ""), history.dimensions(["cpu"], "route")) == (("",), [])


@given(st.lists(st.one_of(st.none(), st.floats(-1e6, 1e6)), max_size=30), st.integers(0, 300))
def test_no_later_point_makes_a_difference(values: list[float | None], now: int) -> None:
    times = [number * 10 for number in range(len(values))]
    known = [pair for pair in zip(times, values, strict=True) if pair[0] <= now]
    whole, past = Points(times, values), Points([time for time, _ in known], [value for _, value in known])
    assert last(whole, now, 60) == last(past, now, 60)
    assert age_s(whole, now) == age_s(past, now)
    assert window(whole, now - 60, now) == window(past, now - 60, now)
