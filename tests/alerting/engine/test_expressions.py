import pytest

from alerting.engine.expressions import read_expression
from alerting.engine.points import History, Points
from alerting.errors import RuleInvalid
from monitoring.types import SeriesKey

TIMES = [0, 60, 120, 180]
HISTORY = History(
    {
        SeriesKey("a"): Points(TIMES, [1.0, 2.0, None, 4.0]),
        SeriesKey("b"): Points(TIMES, [10.0, 0.0, 10.0, 8.0]),
        SeriesKey("a", "process:web-1"): Points(TIMES, [7.0] * 4),
    }
)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("a", 4.0),
        ("a * 2 + b / 4", 10.0),
        ("-(a - b)", 4.0),
        ("abs(a - b)", 4.0),
        ("a / (b - 8)", None),
        ("a + missing", None),
        ("avg(b, 3m)", 6.0),
        ("max(b, 3m) - min(b, 3m)", 10.0),
        ("sum(a, 10m)", 7.0),
        ("count(a, 10m)", 3.0),
        ("count(missing, 10m)", 0.0),
        ("avg(missing, 10m)", None),
        ("a * 1e2", 400.0),
    ],
)
def test_values(text: str, wanted: float | None) -> None:
    assert read_expression(text).value(HISTORY, "", 180, 30) == wanted


def test_of_a_dimension() -> None:
    assert read_expression("a + b").value(HISTORY, "process:web-1", 180, 30) == 15.0


def test_points_of_an_expression_are_at_the_times_of_its_first_series() -> None:
    points = read_expression("a * 10").points(HISTORY, "", 0, 180, 30)
    assert points == ([60, 180], [20.0, 40.0])
    assert read_expression("a").plain == "a"
    assert read_expression("a + b - a").names == ("a", "b")


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "a +",
        "1 + 2",
        "a ** 2",
        "a % 2",
        "a > 2",
        "a.b",
        "a[0]",
        "a and b",
        "'a'",
        "True + a",
        "open(a)",
        "avg(a)",
        "avg(a + b, 5m)",
        "avg(a, b)",
        "abs(x=a)",
        "__import__('os')",
        "(lambda: a)()",
        "a" * 301,
        "(" * 150 + "a" + ")" * 149,
    ],
)
def test_everything_else_is_refused(text: str) -> None:
    with pytest.raises(RuleInvalid) as refused:
        read_expression(text)
    assert refused.value.errors[0].pointer == "expression"
