"""Loads that are replayed, and what the ways of scaling make of them."""

from xml.etree import ElementTree

import pytest

from monitoring.scaling.engine.chart import drawing
from monitoring.scaling.engine.simulation import TICK_S, Outcome, Reading, Site, simulate, site_for, ways
from monitoring.scaling.engine.traces import MADE, TraceInvalid, read_trace, resampled


class Always:
    def __init__(self, *counts: int) -> None:
        self._counts = list(counts)

    def count(self, seen: Reading) -> int:
        return self._counts.pop(0) if len(self._counts) > 1 else self._counts[0]


def outcomes(name: str) -> dict[str, Outcome]:
    loads = resampled(MADE[name](1), TICK_S)
    site = site_for(loads)
    chosen = {way: make for way, make in ways(site).items() if way in ("HPA default", "reactive", "predictive")}
    return {way: simulate(way, make(), loads, site) for way, make in chosen.items()}


def test_lateness_and_hours_are_counted_from_start_to_stop() -> None:
    site = Site(capacity=10, startup_s=30)
    found = simulate("three", Always(3, 3, 3, 3, 1), [7.0, 21.0, 21.0, 21.0, 7.0], site)
    assert found.counts == (3, 3, 3, 3, 1)
    # The two others serve from the third step on; the second is late.
    assert found.late_min == 0.25
    assert found.hours == pytest.approx(13 * 15 / 3600)
    assert (found.changes, found.turns, found.turns_max) == (1, 0, 0)


def test_turns_are_counted_by_the_hour() -> None:
    found = simulate("up and down", Always(1, 2, 1, 2, 1), [1.0] * 6, Site(capacity=10))
    assert (found.changes, found.turns, found.turns_max) == (4, 3, 3)


def test_a_replay_repeats() -> None:
    assert outcomes("flash_crowd") == outcomes("flash_crowd")


def test_the_forecast_pays_on_a_rhythm() -> None:
    found = outcomes("sawtooth")
    default, predictive = found["HPA default"], found["predictive"]
    assert predictive.late_min <= 0.6 * default.late_min
    assert predictive.hours <= 1.05 * default.hours


@pytest.mark.parametrize("name", ["flash_crowd", "ramp", "random_walk", "flat"])
def test_without_a_rhythm_nothing_is_worse(name: str) -> None:
    found = outcomes(name)
    default, predictive = found["HPA default"], found["predictive"]
    assert predictive.late_min <= 1.01 * default.late_min
    assert predictive.hours <= 1.01 * default.hours


def test_files_are_read_with_and_without_a_header() -> None:
    assert read_trace(["timestamp,value", "2026-01-01 00:00:00,5", "2026-01-01 00:05:00,7.5"]) == [(0, 5), (300, 7.5)]
    assert read_trace(["100,1,9", "160,2,8"], value_column=2) == [(0, 9), (60, 8)]
    events = ["T,x", "2026-01-01 00:00:01.1234567,1", "2026-01-01 00:00:02,1", "2026-01-01 00:02:10,1"]
    assert read_trace(events, counts_rows=True) == [(0, 2), (60, 0), (120, 1)]


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ([], "two moments"),
        (["0,1"], "two moments"),
        (["0,1", "60,x"], "Line 2: there is no number in column 2"),
        (["0,1", "60,-1"], "Line 2: a load is a number from 0 on"),
        (["0,1", "60,nan"], "Line 2"),
        (["60,1", "0,1"], "rise"),
        (["t,v", "0,1", "never,1"], "Line 3: 'never' is no time"),
    ],
)
def test_what_is_no_load_is_refused(lines: list[str], message: str) -> None:
    with pytest.raises(TraceInvalid, match=message):
        read_trace(lines)


def test_between_two_points_the_load_is_a_straight_line() -> None:
    assert resampled([(0, 0), (60, 4), (60, 8), (90, 8)], 15) == [0, 1, 2, 3, 8, 8, 8]


def test_the_drawing_is_a_picture_with_every_way() -> None:
    loads = [10.0, 20.0, 15.0]
    site = site_for(loads)
    found = [simulate(way, make(), loads, site) for way, make in ways(site).items()]
    picture = ElementTree.fromstring(drawing("a <b>", loads, site, found))
    texts = [text.text or "" for text in picture.iter("{http://www.w3.org/2000/svg}text")]
    assert texts[0].startswith("a <b>: needed")
    assert all(any(text.startswith(f"{way}: ") for text in texts) for way in ways(site))
