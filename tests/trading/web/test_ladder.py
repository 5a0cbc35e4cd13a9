from math import log

from trading.selectors.books import BookLevel
from trading.web.ladder import LadderRow, ladder


def test_levels_gather_at_the_whole_cent_that_is_worse_for_the_taker() -> None:
    asks = (BookLevel(6_210, 10_000), BookLevel(6_300, 20_000), BookLevel(6_301, 30_000))
    bids = (BookLevel(6_199, 40_000), BookLevel(6_100, 50_000))
    drawn = ladder(bids, asks, price=620_000, liquidity=0)
    assert drawn.asks == (LadderRow(64, 30_000, 60_000, 67), LadderRow(63, 30_000, 30_000, 33))
    assert drawn.bids == (LadderRow(61, 90_000, 90_000, 100),)


def test_the_maker_rule_offers_its_curve_between_cents() -> None:
    drawn = ladder((), (), price=500_000, liquidity=1_000_0000)
    first = drawn.asks[-1]
    assert (first.cents, first.quantity) == (51, round(10_000_000 * log(0.51 / 0.49)))
    assert [row.cents for row in drawn.bids] == [49, 48, 47, 46, 45, 44]
    assert drawn.asks[0].total == drawn.bids[-1].total, "at a half the rule is symmetric"


def test_the_curve_ends_at_certainty() -> None:
    drawn = ladder((), (), price=985_000, liquidity=10_000)
    assert [row.cents for row in drawn.asks] == [99]


def test_nothing_to_show() -> None:
    assert ladder((), (), price=None, liquidity=0).asks == ()
    assert ladder((), (), price=500_000, liquidity=0).bids == ()
