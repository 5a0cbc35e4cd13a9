"""Decimal strings at the edge, integers within, and nothing lost between."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common import money


@pytest.mark.parametrize(
    ("ticks", "text"), [(6_200, "0.6200"), (1, "0.0001"), (9_999, "0.9999"), (10_000, "1.0000"), (0, "0.0000")]
)
def test_prices_show_four_places(ticks: int, text: str) -> None:
    assert money.format_price(ticks) == text
    assert money.parse_price(text) == ticks


@pytest.mark.parametrize(("lots", "text"), [(591_262, "59.1262"), (100_000, "10"), (1, "0.0001"), (-25_000, "-2.5")])
def test_quantities_show_no_trailing_noise(lots: int, text: str) -> None:
    assert money.format_quantity(lots) == text


@pytest.mark.parametrize(
    ("units", "text"),
    [(3_050_000_000, "30.5"), (1, "0.00000001"), (0, "0"), (-1, "-0.00000001"), (10**18, "10000000000")],
)
def test_cash_shows_no_trailing_noise(units: int, text: str) -> None:
    assert money.format_cash(units) == text


@given(st.integers(0, money.CASH_MAX))
def test_cash_survives_the_round_trip(units: int) -> None:
    assert money.parse_cash(money.format_cash(units)) == units


@given(st.integers(0, money.QUANTITY_LOTS_MAX))
def test_quantity_survives_the_round_trip(lots: int) -> None:
    assert money.parse_quantity(money.format_quantity(lots)) == lots


@pytest.mark.parametrize("text", ["0.62", "0.620", "0.62000000", "00.62"])
def test_equal_decimals_are_equal_prices(text: str) -> None:
    assert money.parse_price(text) == 6_200


@pytest.mark.parametrize("text", ["0.62001", "0.00001", "1.23456"])
def test_more_places_than_the_unit_has_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="has more than 4 decimal places"):
        money.parse_price(text)


@pytest.mark.parametrize(
    "text",
    [
        "", " 1", "1 ", "+1", "-1", ".5", "1.", "1e3", "1_000", "1,5", "0x1", "NaN", "inf", "1\n", "\x00",
        "1.123456789", "1234567890123", "\u0661", "\uff11", "\ud800",
    ],
)  # fmt: skip
def test_anything_but_a_plain_decimal_is_refused(text: str) -> None:
    for parse in (money.parse_price, money.parse_quantity, money.parse_cash):
        with pytest.raises(ValueError, match="is not a plain decimal number"):
            parse(text)


def test_price_times_quantity_is_cash() -> None:
    cash = money.parse_price("0.6200") * money.parse_quantity("59.1262")
    assert money.format_cash(cash) == "36.658244"
