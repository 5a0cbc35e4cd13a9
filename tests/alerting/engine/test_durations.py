import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerting.engine.durations import seconds, text
from alerting.errors import RuleInvalid


@pytest.mark.parametrize(
    ("given_", "wanted"),
    [
        ("30s", 30),
        ("5m", 300),
        ("1h30m", 5400),
        ("2d", 172_800),
        ("1w", 604_800),
        ("250ms", 0.25),
        ("1.5h", 5400),
        (7, 7),
    ],
)
def test_seconds(given_: str | float, wanted: float) -> None:
    assert seconds(given_, "for") == wanted


@pytest.mark.parametrize("given_", ["", "5", "m", "5 m", "-5m", "5y", -1, True, float("inf"), float("nan")])
def test_what_is_no_span_is_refused(given_: str | float) -> None:
    with pytest.raises(RuleInvalid) as refused:
        seconds(given_, "for")
    assert refused.value.errors[0].pointer == "for"


@pytest.mark.parametrize(
    ("span_s", "wanted"), [(0, "0s"), (0.5, "0.5s"), (90, "1m30s"), (3600, "1h"), (90_061, "1d1h"), (604_800, "1w")]
)
def test_text(span_s: float, wanted: str) -> None:
    assert text(span_s) == wanted


@given(st.integers(0, 5), st.sampled_from(["w", "d", "h", "m", "s"]))
def test_what_is_written_reads_the_same(amount: int, unit: str) -> None:
    span_s = seconds(f"{amount}{unit}", "for")
    assert seconds(text(span_s), "for") == span_s
