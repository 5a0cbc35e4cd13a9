"""The picture of the maker rule's loss, against the rule itself."""

from math import log

import pytest

from common.money import CASH_SCALE
from trading.engine.lmsr import subsidy
from trading.web.loss_picture import loss_picture


@pytest.mark.parametrize("outcomes", [2, 3, 17, 100])
@pytest.mark.parametrize("liquidity", [1, 10_000, 1_000_000, 10**11])
def test_the_worst_is_the_subsidy(liquidity: int, outcomes: int) -> None:
    picture = loss_picture(liquidity, outcomes)
    assert picture is not None
    assert picture.worst == subsidy(liquidity, outcomes)
    assert all(row.units <= picture.worst for row in picture.rows)
    assert [row.units for row in picture.rows] == sorted((row.units for row in picture.rows), reverse=True)
    assert picture.top < picture.zero
    assert 8 <= picture.start_x <= 392


def test_rows_tell_what_a_final_price_costs() -> None:
    picture = loss_picture(1_000_000, 2)
    assert picture is not None
    told = {row.percent: row.units / CASH_SCALE for row in picture.rows}
    assert told[50 + 25] == pytest.approx(100 * log(1.5), abs=1e-6)
    assert told[25] == pytest.approx(-100 * log(2), abs=1e-6)


@pytest.mark.parametrize(("liquidity", "outcomes"), [(0, 2), (-1, 2), (10**11 + 1, 2), (1, 1), (1, 101)])
def test_nothing_is_drawn_where_there_is_no_rule(liquidity: int, outcomes: int) -> None:
    assert loss_picture(liquidity, outcomes) is None
