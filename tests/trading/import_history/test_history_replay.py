"""From recorded trades to orders on a maker rule."""

from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from tests.trading.import_history.folders import market_row, price_rows, trade_rows, write_folder
from trading.services._history_files import HistoryMistakes, HistoryTrade
from trading.services._history_plan import plan_folder
from trading.services._history_replay import legs, liquidity_shares
from trading.types import Side

STEPS = [("ann", 100.0), ("bea", -60.0), ("ann", -150.0), *[("cyd", 25.5)] * 20]


def folder_of(tmp_path: Path, rows: list[str], **market: str) -> Path:
    return write_folder(tmp_path, markets=[market_row(**market)], prices=price_rows(rows), trades=rows)


def trade(shares: str, trader: str = "ann") -> HistoryTrade:
    return HistoryTrade(2, shares, datetime(2014, 9, 30, tzinfo=UTC), trader, Decimal(shares), 500_000)


def test_a_sale_beyond_what_is_held_buys_no_for_the_rest() -> None:
    orders = legs([trade("100"), trade("-60", "bea"), trade("-150")])

    assert [(leg.outcome, leg.side, leg.lots, leg.is_last) for leg in orders] == [
        (0, Side.BUY, 1_000_000, True),
        (1, Side.BUY, 600_000, True),
        (0, Side.SELL, 1_000_000, False),
        (1, Side.BUY, 500_000, True),
    ]


def test_rounding_never_adds_up() -> None:
    orders = legs([trade("0.00003")] * 10)

    assert [leg.lots for leg in orders] == [1, 1, 1]


def test_the_liquidity_is_found_in_the_prices(tmp_path: Path) -> None:
    (plan,) = plan_folder(folder_of(tmp_path, trade_rows(STEPS, b=250.0)))

    assert plan.liquidity_shares == 250
    assert liquidity_shares(plan.history.trades) == 250


def test_a_price_that_contradicts_its_shares_is_a_mistake(tmp_path: Path) -> None:
    rows = trade_rows(STEPS)
    rows[7] = rows[7].replace(",25.5,", ",52.5,")
    folder = folder_of(tmp_path, rows)

    with pytest.raises(HistoryMistakes) as caught:
        plan_folder(folder)

    (mistake,) = caught.value.mistakes
    assert (mistake.file, mistake.line) == (str(folder / "trades.csv"), 9)
    assert mistake.reason.startswith("price_after 0.504375 ")


def test_missing_shares_are_a_mistake(tmp_path: Path) -> None:
    rows = trade_rows(STEPS)
    rows[4] = rows[4].replace(",25.5,", ",,")

    with pytest.raises(HistoryMistakes, match="1 mistakes") as caught:
        plan_folder(folder_of(tmp_path, rows))

    assert caught.value.mistakes[0].line == 6


def test_another_rule_is_loaded_as_prices(tmp_path: Path) -> None:
    rows = [f"m-1,{n},2014-09-30T13:{n:02d}:00Z,ann,buy,10,,{0.3 + n / 100}" for n in range(20)]

    (plan,) = plan_folder(folder_of(tmp_path, rows))

    assert plan.liquidity_shares == 0
    assert "trades.csv:2: price_after doesn't follow" in plan.notice


@pytest.mark.parametrize("mechanism", ["LMSR 3-outcome", "CPMM", "CDA order book (Betfair)"])
def test_other_mechanisms_are_loaded_as_prices(tmp_path: Path, mechanism: str) -> None:
    (plan,) = plan_folder(folder_of(tmp_path, trade_rows(STEPS), mechanism=mechanism))

    assert (plan.liquidity_shares, plan.notice) == (0, "")
