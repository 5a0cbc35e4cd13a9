from datetime import UTC, datetime

from trading.selectors.sparklines import Sparkline
from trading.web.drawing import POINTS_MAX, line, sparkline, thinned


def test_a_line_steps_from_point_to_point_in_true_time() -> None:
    drawn = line(((0, 400_000), (50, 500_000), (100, 600_000)), span=100)
    assert drawn is not None
    assert drawn.line == "M0 41.1H150V22H300V2.9"
    assert drawn.area == "M0 41.1H150V22H300V2.9V44H0Z"


def test_a_small_move_stays_small() -> None:
    drawn = line(((0, 500_000), (100, 501_000)), span=100)
    assert drawn is not None
    assert drawn.line == "M0 22.3H300V21.7"


def test_nothing_to_draw() -> None:
    assert sparkline(None) is None
    assert line((), span=100) is None
    assert sparkline(Sparkline(datetime(2026, 1, 1, tzinfo=UTC), 0, ((0, 1),))) is None


def test_many_points_become_as_many_as_can_be_told_apart_and_keep_their_ends() -> None:
    hourly = [(3_600 * hour, hour) for hour in range(169)]
    kept = thinned(hourly, span=604_800)
    assert len(kept) <= POINTS_MAX + 2
    assert (kept[0], kept[1], kept[2], kept[-1]) == (hourly[0], hourly[3], hourly[6], hourly[168])
    assert thinned(hourly[:POINTS_MAX], span=604_800) == hourly[:POINTS_MAX]
    assert thinned(hourly, span=0) == hourly
