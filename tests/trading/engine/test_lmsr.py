"""The maker rule against its definition in 30 digits, and its promises as properties."""

from decimal import Decimal
from math import isclose

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.trading.oracle.reference_rule import CONTEXT, exact_cost, overcharge_max, potential
from trading.engine import lmsr

LIQUIDITIES = st.integers(1, 10**9)
#: In multiples of b: e**-25 is far below the smallest price.
DISTANCES = st.floats(-25, 25)


@st.composite
def markets(draw: st.DrawFn) -> tuple[list[int], int, int]:
    """Quantities, liquidity and one of the outcomes."""
    b = draw(LIQUIDITIES)
    q = [int(distance * b) for distance in draw(st.lists(DISTANCES, min_size=2, max_size=8))]
    return q, b, draw(st.integers(0, len(q) - 1))


def lots_of(b: int, part: float) -> int:
    return max(1, int(b * part))


@settings(max_examples=400)
@given(markets(), st.floats(1e-6, 40))
def test_a_purchase_is_never_undercharged(market: tuple[list[int], int, int], part: float) -> None:
    q, b, outcome = market
    lots = lots_of(b, part)
    exact, cost = exact_cost(q, b, outcome, lots), lmsr.cost_of(q, b, outcome, lots)
    assert exact <= cost <= exact + overcharge_max(b, len(q))


@settings(max_examples=400)
@given(markets(), st.floats(1e-6, 40))
def test_a_sale_is_never_overpaid(market: tuple[list[int], int, int], part: float) -> None:
    q, b, outcome = market
    lots = lots_of(b, part)
    exact, cash = -exact_cost(q, b, outcome, -lots), -lmsr.cost_of(q, b, outcome, -lots)
    assert exact - overcharge_max(b, len(q)) <= cash <= exact


@given(markets(), st.floats(1e-6, 5), st.integers(2, 6))
def test_walking_in_parts_is_never_cheaper(market: tuple[list[int], int, int], part: float, parts: int) -> None:
    q, b, outcome = market
    step = lots_of(b, part)
    at_once = lmsr.cost_of(q, b, outcome, step * parts)
    paid = 0
    for _ in range(parts):
        paid += lmsr.cost_of(q, b, outcome, step)
        q[outcome] += step
    assert paid >= at_once


@given(markets(), st.floats(1e-6, 40))
def test_a_round_trip_never_pays(market: tuple[list[int], int, int], part: float) -> None:
    q, b, outcome = market
    lots = lots_of(b, part)
    paid = lmsr.cost_of(q, b, outcome, lots)
    q[outcome] += lots
    assert -lmsr.cost_of(q, b, outcome, -lots) <= paid


@given(markets(), st.lists(st.tuples(st.integers(0, 7), st.floats(-6, 6)), max_size=12))
def test_the_loss_is_bounded_by_the_subsidy(
    market: tuple[list[int], int, int], trades: list[tuple[int, float]]
) -> None:
    """Whatever is traded and whichever outcome wins, the cash covers the payout."""
    b, n = market[1], len(market[0])
    q, cash = [0] * n, lmsr.subsidy(b, n)
    for outcome, part in trades:
        lots = int(part * b)
        cash += lmsr.cost_of(q, b, outcome % n, lots)
        q[outcome % n] += lots
        assert cash - max(q) * 10_000 >= 0


@given(markets(), st.integers(1, 9_999))
def test_lots_to_price_reach_it_and_not_beyond_by_a_lot(market: tuple[list[int], int, int], ticks: int) -> None:
    q, b, outcome = market
    lots = lmsr.lots_to_price(q, b, outcome, ticks)
    target = CONTEXT.ln(Decimal(ticks) / (10_000 - ticks)) * b
    others = [quantity for index, quantity in enumerate(q) if index != outcome]
    exact = target - q[outcome] + potential(others, b)
    assert abs(lots - exact) <= 1 + Decimal(b) * Decimal("1e-12")


@given(markets(), st.integers(1, 10**15))
def test_lots_for_cash_are_about_right(market: tuple[list[int], int, int], cash: int) -> None:
    q, b, outcome = market
    cash = min(cash, 20 * b * 10_000)
    lots = lmsr.lots_for_cash(q, b, outcome, cash)
    assert exact_cost(q, b, outcome, lots) <= cash * (1 + Decimal("1e-9")) + 1
    assert exact_cost(q, b, outcome, lots + 2) >= cash * (1 - Decimal("1e-9")) - 1


@pytest.mark.parametrize(
    ("q", "outcome", "lots", "cost"),
    [
        ([0, 0], 0, 0, 0),
        ([0, 0], 0, 500_000, 2_531_246_746),
        ([0, 0], 1, 500_000, 2_531_246_746),
        ([500_000, 0], 0, -500_000, -2_531_246_744),
        ([0, 0, 0], 2, 10_000_000, 45_283_242_527),
        # Far beyond any price: a share costs a credit, or nothing.
        ([10**10, 0], 0, 10_000, 100_000_000),
        ([0, 10**10], 0, 10_000, 1),
        ([10**10, 0], 1, -10_000, 0),
    ],
)
def test_costs_of_a_thousand_shares_of_liquidity(q: list[int], outcome: int, lots: int, cost: int) -> None:
    assert abs(lmsr.cost_of(q, 10_000_000, outcome, lots) - cost) <= 2


@pytest.mark.parametrize(("b", "n", "subsidy"), [(0, 2, 0), (10_000_000, 2, 69_314_718_056), (10_000, 3, 109_861_229)])
def test_subsidy_is_b_ln_n_rounded_up(b: int, n: int, subsidy: int) -> None:
    assert lmsr.subsidy(b, n) == subsidy


@given(markets())
def test_prices_sum_to_one_and_agree_with_each_single_price(market: tuple[list[int], int, int]) -> None:
    q, b, outcome = market
    prices = lmsr.prices(q, b)
    assert isclose(sum(prices), 1, rel_tol=1e-12)
    assert isclose(prices[outcome], lmsr.price(q, b, outcome), rel_tol=1e-9, abs_tol=1e-300)
