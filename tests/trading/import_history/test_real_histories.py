"""The market histories in ../shared/data, replayed: prices, the maker rule's loss, settlement, invariants."""

import csv
import math
import os
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db.models import Sum

from common.money import CASH_SCALE
from markets.models import Market
from tests.trading.import_history.folders import write_rows
from trading.models import Account, Candle, LedgerEntry, MarketBook, Order, Position, Trade
from trading.services._history_files import source_folders
from trading.services._history_plan import plan_folder
from trading.services.import_history import import_history

pytestmark = [pytest.mark.data, pytest.mark.slow]

ML2 = "replication-ml2-ssrp-cc0"
PRICED = {
    "betfair-afl-2024-mit": (432, 1_612),
    "fivethirtyeight-governors-ccby": (169, 6_583),
    "forecastbench-resolved-ccbysa": (1_099, 2_028),
}
TOLERANCE = 2e-6


@pytest.fixture(scope="session")
def histories(project_dir: Path) -> Path:
    folder = project_dir.parent / "shared" / "data" / "prediction-markets"
    if not folder.is_dir():
        reason = f"the market histories are not at {folder}"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    return folder


def recorded_trades(folder: Path) -> Iterator[tuple[str, list[dict[str, str]]]]:
    """By market id, straight from the file."""
    with (folder / "trades.csv").open(newline="", encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["shares"]]
    yield from ((market_id, list(group)) for market_id, group in groupby(rows, key=lambda row: row["market_id"]))


def prices_after(market: Market) -> dict[str, tuple[float, str]]:
    """Probability of yes after each recorded trade, and its time, by trade id."""
    seqs = Order.objects.filter(market=market).order_by("id").values_list("client_order_id", "seq")
    trades = {trade.seq: trade for trade in Trade.objects.filter(market=market).order_by("id")}
    found = {}
    for key, seq in seqs:
        trade = trades[seq]
        found[key.split("-")[1]] = (trade.probability / 1e6, trade.created_at.strftime("%Y-%m-%dT%H:%M:%SZ"))
    return found


@pytest.mark.django_db(transaction=True)
@pytest.mark.timeout(240)
def test_the_replication_markets_are_replayed_exactly(histories: Path) -> None:
    report = import_history(directory=histories / ML2)

    assert (report.markets, report.trades, report.notices, report.deviations) == (45, 1_785, [], [])
    checked = [_check_market(market_id, rows) for market_id, rows in recorded_trades(histories / ML2)]
    assert (len(checked), sum(checked)) == (24, 1_785)
    assert Market.objects.filter(source="replication-markets").exclude(status="resolved").count() == 0
    assert not Position.objects.filter(quantity__gt=0).exists()
    assert not Account.objects.filter(market__isnull=False).exclude(cash=0).exists()
    call_command("check_invariants")


def _check_market(market_id: str, rows: list[dict[str, str]]) -> int:
    market = Market.objects.get(source_id=market_id)
    found = prices_after(market)
    assert len(found) == len(rows)
    for row in rows:
        price, at = found[row["trade_id"]]
        assert abs(price - float(row["price_after"])) <= TOLERANCE, (market_id, row["trade_id"])
        assert at == row["timestamp"]
    moves = LedgerEntry.objects.filter(account__kind="issuance", transfer__market=market)
    loss = -(moves.aggregate(total=Sum("amount"))["total"])
    assert loss <= 1_000 * math.log(2) * CASH_SCALE
    assert MarketBook.objects.get(market=market).settled_at is not None
    return len(rows)


@pytest.mark.parametrize("name", PRICED)
def test_every_other_history_is_understood(histories: Path, name: str) -> None:
    plans = plan_folder(histories / name)

    assert (len(plans), sum(len(plan.history.prices) for plan in plans)) == PRICED[name]
    assert [plan.notice for plan in plans if plan.notice or plan.liquidity_shares] == []


def test_no_source_is_left_out(histories: Path) -> None:
    assert {folder.name for folder in source_folders(histories)} >= {ML2, *PRICED}


@pytest.mark.django_db(transaction=True)
def test_other_histories_become_priced_and_resolved_markets(histories: Path, tmp_path: Path) -> None:
    """The first 15 markets of each, since one takes about 50 ms."""
    for name in PRICED:
        _copy_head(histories / name, tmp_path / name, markets=15)

    report = import_history(directory=tmp_path)

    assert (report.markets, report.trades, report.notices) == (45, 0, [])
    assert Market.objects.exclude(status="resolved").count() == 0
    assert Candle.objects.filter(interval="1m").values("market").distinct().count() == 45
    winners = Market.objects.filter(source="betfair-hub", payouts=[10_000, 0]).values_list("event_group")
    assert len(winners) == winners.distinct().count()
    call_command("check_invariants")


def _copy_head(source: Path, target: Path, *, markets: int) -> None:
    target.mkdir()
    with (source / "markets.csv").open(newline="", encoding="utf-8") as file:
        header, *rows = csv.reader(file)
    write_rows(target / "markets.csv", [header, *rows[:markets]])
    wanted = {row[0] for row in rows[:markets]}
    with (source / "prices.csv").open(newline="", encoding="utf-8") as file:
        header, *prices = csv.reader(file)
    write_rows(target / "prices.csv", [header, *[row for row in prices if row[0] in wanted]])
