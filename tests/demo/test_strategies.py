"""What each kind of simulated trader wants to do, given what it sees."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from random import Random

import pytest

from demo.engine import informed, momentum, noise, quoting
from demo.engine.belief import truth
from demo.engine.exact import price_ticks, quantity_lots
from demo.engine.sizing import push, shares_to
from demo.engine.strategies import DECIDE, WEIGHTS
from demo.types import Plan, Purse, Scene, Strategy, Wish

RICH = Purse(10_000.0)
AT = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)


def binary(price: float = 0.5, believed: float = 0.5, change: float = 0.0) -> Scene:
    return Scene(1, ("yes", "no"), True, (price, 1 - price), (believed, 1 - believed), (change, -change), 300.0)


def three(prices: tuple[float, ...] = (0.5, 0.3, 0.2), believed: tuple[float, ...] = (0.5, 0.3, 0.2)) -> Scene:
    return Scene(1, ("a", "b", "c"), False, prices, believed, (0.0, 0.0, 0.0), 300.0)


def test_the_informed_buy_what_is_too_cheap() -> None:
    (wish,) = informed.decide(binary(0.5, 0.6), RICH, Random(1)).wishes

    assert (wish.outcome, wish.is_buy) == (0, True)
    assert wish.price == pytest.approx(0.55, abs=0.015)
    assert wish.shares == pytest.approx(shares_to(0.5, wish.price or 0, 300.0))


def test_the_informed_sell_before_they_buy_the_other_side() -> None:
    holder = Purse(10_000.0, {0: 12.0})

    (wish,) = informed.decide(binary(0.5, 0.4), holder, Random(1)).wishes
    assert (wish.outcome, wish.is_buy, wish.shares) == (0, False, 12.0)

    (wish,) = informed.decide(binary(0.5, 0.4), RICH, Random(1)).wishes
    assert (wish.outcome, wish.is_buy) == (1, True)


def test_the_informed_leave_a_fair_price_alone() -> None:
    plans = [informed.decide(binary(0.5, 0.5), RICH, Random(seed)) for seed in range(20)]

    assert sum(plan == Plan() for plan in plans) >= 15


def test_in_a_categorical_market_the_widest_gap_that_can_be_traded_is() -> None:
    scene = three(believed=(0.35, 0.4, 0.25))

    (wish,) = informed.decide(scene, RICH, Random(1)).wishes
    assert (wish.outcome, wish.is_buy) == (1, True)

    (wish,) = informed.decide(scene, Purse(10_000.0, {0: 50.0}), Random(1)).wishes
    assert (wish.outcome, wish.is_buy) == (0, False)


def test_noise_trades_small_and_gets_out_again() -> None:
    holder = Purse(10_000.0, {1: 8.0})
    wishes = [wish for seed in range(200) for wish in noise.decide(binary(), holder, Random(seed)).wishes]

    assert any(not wish.is_buy and wish.outcome == 1 for wish in wishes)
    assert sum(wish.shares for wish in wishes) / len(wishes) < 30
    assert all(wish.shares <= 8.0 for wish in wishes if not wish.is_buy)


@pytest.mark.parametrize(("change", "outcome"), [(0.03, 0), (-0.03, 1)])
def test_momentum_follows_a_move(change: float, outcome: int) -> None:
    (wish,) = momentum.decide(binary(0.5, 0.9, change), RICH, Random(1)).wishes

    assert (wish.outcome, wish.is_buy) == (outcome, True)
    assert wish.price == pytest.approx(0.51)


def test_momentum_waits_while_nothing_moves() -> None:
    assert momentum.decide(binary(0.5, 0.9, 0.005), RICH, Random(1)) == Plan()


def test_a_maker_quotes_both_sides_and_takes_old_quotes_away() -> None:
    plan = quoting.decide(binary(0.6), Purse(10_000.0, {}, (7, 8)), Random(1))

    assert plan.cancels == (7, 8)
    assert all(wish.rests and wish.is_buy for wish in plan.wishes)
    bids = [wish.price or 0 for wish in plan.wishes if wish.outcome == 0]
    asks = [1 - (wish.price or 0) for wish in plan.wishes if wish.outcome == 1]
    assert bids == pytest.approx([0.59, 0.578, 0.56])
    assert asks == pytest.approx([0.61, 0.622, 0.64])


def test_a_maker_stays_inside_the_range_of_prices() -> None:
    wishes = quoting.decide(binary(0.02), RICH, Random(1)).wishes

    assert all(0.01 < (wish.price or 0) < 0.99 for wish in wishes)


@pytest.mark.parametrize("strategy", Strategy)
def test_nobody_spends_what_they_do_not_have(strategy: Strategy) -> None:
    assert WEIGHTS[strategy] > 0
    for seed in range(50):
        for wish in DECIDE[strategy](binary(0.4, 0.7, 0.05), Purse(3.0), Random(seed)).wishes:
            assert wish.is_buy
            assert wish.shares * max(wish.price or 0, 0.4) <= 3.0


def test_without_shares_a_categorical_price_cannot_be_pushed_down() -> None:
    assert push(three(), RICH, 0, -20.0, None) is None


def test_a_wish_becomes_exact() -> None:
    wish = Wish(0, is_buy=True, shares=12.34567, price=0.123456)

    assert (price_ticks(wish), quantity_lots(wish)) == (1_235, 123_400)
    assert price_ticks(Wish(0, is_buy=True, shares=1)) is None
    assert price_ticks(Wish(0, is_buy=True, shares=1, price=0.999999)) == 9_999


def test_the_truth_is_a_function_of_name_and_time() -> None:
    first = truth("rain", (0.3, 0.7), AT)

    assert first == truth("rain", (0.3, 0.7), AT)
    assert first != truth("snow", (0.3, 0.7), AT)
    assert sum(first) == pytest.approx(1)


def test_the_truth_wanders_about_its_centre_without_jumps() -> None:
    walk = [truth("rain", (0.3, 0.7), AT + timedelta(minutes=step))[0] for step in range(0, 14 * 1_440, 5)]

    assert max(abs(b - a) for a, b in pairwise(walk)) < 0.08
    assert max(walk) - min(walk) > 0.08
    assert sum(walk) / len(walk) == pytest.approx(0.3, abs=0.06)
