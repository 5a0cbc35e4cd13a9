from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from trading.templatetags import trading_format as shown

NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("ppm", "text"),
    [(None, "–"), (0, "0%"), (400, "0.1%"), (9_900, "1.0%"), (10_000, "1%"), (624_999, "62%"), (625_000, "63%"),
     (990_000, "99%"), (995_000, "99.5%"), (999_999, "99.9%"), (1_000_000, "100%")],
)  # fmt: skip
def test_percent(ppm: int | None, text: str) -> None:
    assert shown.percent(ppm) == text


@pytest.mark.parametrize(("ppm", "text"), [(None, "–"), (624_000, "62.4¢"), (500_000, "50¢"), (624_960, "62.5¢")])
def test_cents(ppm: int | None, text: str) -> None:
    assert shown.cents(ppm) == text


def test_price_of_a_share() -> None:
    assert shown.price(6_240) == "62.4¢"
    assert shown.price(6_200) == "62¢"
    assert shown.price(None) == "–"


@pytest.mark.parametrize(
    ("units", "text"),
    [
        (3_000_000_000, "30.00"),
        (-150_000_000, "−1.50"),
        (123_456_700_000_000, "1,234,567.00"),
        (-1, "0.00"),
        (None, "–"),
    ],
)
def test_credits(units: int | None, text: str) -> None:
    assert shown.credits(units) == text


@pytest.mark.parametrize(
    ("whole", "text"),
    [(0, "0"), (999, "999"), (1_000, "1k"), (1_250, "1.3k"), (3_400_000, "3.4M"), (5_000_000_000, "5B")],
)
def test_credits_short(whole: int, text: str) -> None:
    assert shown.credits_short(whole * 10**8) == text


def test_quantity() -> None:
    assert shown.quantity(591_262) == "59.13"
    assert shown.quantity(100_000) == "10"
    assert shown.quantity(101_000) == "10.10"
    assert shown.quantity_exact(591_262) == "59.1262"


def test_signed_values_carry_sign_and_colour() -> None:
    assert shown.signed_credits(115_000_000) == '<span class="good num">+1.15</span>'
    assert shown.signed_credits(-115_000_000) == '<span class="bad num">−1.15</span>'
    assert shown.signed_credits(0) == '<span class="num">0.00</span>'
    assert ">▲ 2.4<" in shown.signed_points(24_000)
    assert 'class="down num"' in shown.signed_points(-24_000)
    assert "No change" in shown.signed_points(100)
    assert shown.signed_points(None) == ""


@pytest.mark.parametrize(
    ("delta", "text"),
    [(timedelta(0), "just now"), (timedelta(seconds=5), "5 s ago"), (timedelta(minutes=61), "1 h ago"),
     (timedelta(days=40), "1 mo ago"), (timedelta(days=-3, hours=-1), "in 3 d")],
)  # fmt: skip
def test_relative_time_shows_the_exact_time_on_hover(delta: timedelta, text: str) -> None:
    moment = NOW - delta
    with time_machine.travel(NOW, tick=False):
        html = shown.ago(moment)
    assert f">{text}</time>" in html
    assert f'title="{moment:%d %b %Y, %H:%M:%S} UTC"' in html


def test_time_left() -> None:
    with time_machine.travel(NOW, tick=False):
        assert ">2 d left<" in shown.left(NOW + timedelta(days=2, hours=5))
        assert ">ended<" in shown.left(NOW - timedelta(seconds=1))


def test_a_bar_above_nothing_stays_visible() -> None:
    assert [shown.bar_width(ppm) for ppm in (None, 0, 1, 623_400)] == ["0", "0", "1.0", "62.3"]


def test_basis_points() -> None:
    assert [shown.basis_points(value) for value in (200, 25, 7)] == ["2%", "0.25%", "0.07%"]
