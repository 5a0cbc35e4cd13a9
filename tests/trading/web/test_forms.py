import pytest

from trading.web.forms import parse_cents


@pytest.mark.parametrize(
    ("text", "ticks"), [("62", 6_200), ("62.5", 6_250), ("0.01", 1), ("99.99", 9_999), (".5", 50), ("5", 500)]
)
def test_cents_become_ticks(text: str, ticks: int) -> None:
    assert parse_cents(text) == ticks


@pytest.mark.parametrize("text", ["0", "0.00", "100", "-1", "62.555", "1e5", "sixty", "٦٢", "6 2", ".", "NaN"])
def test_what_isnt_a_price_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        parse_cents(text)
