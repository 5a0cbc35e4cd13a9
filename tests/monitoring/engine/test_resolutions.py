"""Which fineness a chart reads, and where its rows come from."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitoring.engine.resolutions import (
    HOURS,
    MINUTES,
    POINTS_MAX,
    RESOLUTIONS,
    ROWS_MAX,
    SAMPLES,
    STEPS_S,
    Grid,
    Segment,
    grid,
    segments,
)

NOW = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)


@given(
    seconds=st.integers(1, 730 * 86_400),
    ago=st.integers(0, 86_400 * 100),
    series=st.integers(1, 20),
    step_s=st.integers(0, 90_000),
)
def test_a_grid_covers_the_range_and_keeps_its_bounds(seconds: int, ago: int, series: int, step_s: int) -> None:
    end = NOW - timedelta(seconds=ago)
    start = end - timedelta(seconds=seconds)
    chosen = grid(start=start, end=end, now=NOW, series=series, step_s=step_s)
    assert chosen.start <= start < chosen.start + timedelta(seconds=chosen.step_s)
    assert chosen.end - timedelta(seconds=chosen.step_s) < end <= chosen.end
    assert chosen.points <= POINTS_MAX
    assert chosen.step_s >= step_s
    assert chosen.step_s % chosen.resolution.seconds == 0
    assert int(chosen.start.timestamp()) % chosen.step_s == 0
    assert len(chosen.times) == chosen.points
    if chosen.resolution is not HOURS:
        assert start >= NOW - timedelta(days=chosen.resolution.kept_days)
        assert chosen.points * chosen.step_s // chosen.resolution.seconds * series <= ROWS_MAX


def test_a_step_nobody_offers_becomes_the_next_longer_one() -> None:
    assert grid(start=NOW - timedelta(hours=1), end=NOW, now=NOW, series=1, step_s=61).step_s == 120
    longest = grid(start=NOW - timedelta(days=9), end=NOW, now=NOW, series=1, step_s=10**9)
    assert longest.step_s == STEPS_S[-1]


def test_each_resolution_is_a_whole_number_of_the_finer_one() -> None:
    assert [one.seconds for one in RESOLUTIONS] == [10, 60, 3_600]
    assert [one.kept_days for one in RESOLUTIONS] == [3, 90, 730]
    assert all(step % 10 == 0 and (step < 60 or step % 60 == 0) for step in STEPS_S)


def _at(hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 5, 4, hour, minute, tzinfo=UTC)


@pytest.mark.parametrize(
    ("dirty", "expected"),
    [
        ({}, [(HOURS, 6, 0, 12, 0)]),
        ({MINUTES: _at(11, 59)}, [(HOURS, 6, 0, 11, 0), (MINUTES, 11, 0, 11, 59), (SAMPLES, 11, 59, 12, 0)]),
        ({HOURS: _at(11)}, [(HOURS, 6, 0, 11, 0), (MINUTES, 11, 0, 12, 0)]),
        (
            {HOURS: _at(9), MINUTES: _at(11, 30)},
            [(HOURS, 6, 0, 9, 0), (MINUTES, 9, 0, 11, 30), (SAMPLES, 11, 30, 12, 0)],
        ),
        ({HOURS: _at(11), MINUTES: _at(7, 5)}, [(HOURS, 6, 0, 7, 0), (MINUTES, 7, 0, 7, 5), (SAMPLES, 7, 5, 12, 0)]),
        ({MINUTES: _at(12, 1)}, [(HOURS, 6, 0, 12, 0)]),
        ({MINUTES: _at(5, 0), HOURS: _at(5, 0)}, [(SAMPLES, 6, 0, 12, 0)]),
        ({HOURS: _at(5, 0)}, [(MINUTES, 6, 0, 12, 0)]),
    ],
)
def test_segments_of_an_hourly_chart(dirty: dict, expected: list) -> None:  # type: ignore[type-arg]
    found = segments(Grid(_at(6), 3_600, 6, HOURS), dirty)
    assert found == [Segment(one, _at(h1, m1), _at(h2, m2)) for one, h1, m1, h2, m2 in expected]


def test_a_chart_of_samples_has_one_segment() -> None:
    chosen = Grid(_at(11), 10, 360, SAMPLES)
    assert segments(chosen, {MINUTES: _at(11, 5)}) == [Segment(SAMPLES, _at(11), _at(12))]
