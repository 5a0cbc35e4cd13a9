from datetime import UTC, datetime

from trading.selectors.sparklines import Sparkline
from trading.web.drawing import line, sparkline


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
    assert line((), span=100) is None
    assert sparkline(Sparkline(datetime(2026, 1, 1, tzinfo=UTC), 0, ((0, 1),))) is None


def test_whatever_comes_before_or_after_stands_at_the_ends() -> None:
    drawn = line(((-5, 0), (0, 1_000_000), (105, 0)), span=100)
    assert drawn is not None
    assert drawn.line == "M0 41.1H0V2.9H300V41.1"
