"""Small histories through the whole import."""

from datetime import UTC, datetime
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from accounts.models import User
from markets.models import Market, MarketEvent
from markets.selectors.due_markets import markets_to_close
from tests.trading.import_history.folders import market_row, price_rows, trade_rows, write_folder
from trading.models import Candle, LedgerTransfer, MarketBook, Order, Position, Trade
from trading.services import import_history as importing
from trading.services._history_files import HistoryMistakes
from trading.services.import_history import import_history

pytestmark = pytest.mark.django_db

STEPS = [("ann", 100.0), ("bea", -60.0), ("ann", -150.0), ("cyd", 400.25)]


def replayable(folder: Path, **market: str) -> Path:
    rows = trade_rows(STEPS)
    return write_folder(folder, markets=[market_row(**market)], prices=price_rows(rows), trades=rows)


def only_market() -> Market:
    return Market.objects.get(source="lab")


def test_trades_are_replayed_as_their_traders_at_their_times(tmp_path: Path) -> None:
    report = import_history(directory=replayable(tmp_path))

    market = only_market()
    assert (report.markets, report.trades, report.deviations) == (1, 4, [])
    assert (market.status, market.source_id, market.event_group) == ("resolved", "m-1", "G1")
    assert market.liquidity_lots == 10_000_000
    assert market.payouts == [10_000, 0]
    assert list(Order.objects.order_by("id").values_list("user_id__username", "side", "outcome", "quantity")) == [
        ("g1-ann", "buy", 0, 1_000_000),
        ("g1-bea", "buy", 1, 600_000),
        ("g1-ann", "sell", 0, 1_000_000),
        ("g1-ann", "buy", 1, 500_000),
        ("g1-cyd", "buy", 0, 4_002_500),
    ]
    moments = Trade.objects.order_by("id").values_list("created_at", flat=True)
    assert [at.minute for at in moments] == [0, 1, 2, 2, 3]
    assert moments[0] == datetime(2014, 9, 30, 13, 0, tzinfo=UTC)
    assert market.closed_at == datetime(2014, 10, 14, 11, 0, tzinfo=UTC)
    assert MarketEvent.objects.filter(market=market).latest("seq").kind == "settled"
    assert not Position.objects.filter(quantity__gt=0).exists()


def test_traders_of_a_history_cannot_log_in(tmp_path: Path) -> None:
    import_history(directory=replayable(tmp_path))

    trader = User.objects.get(username="g1-ann")
    assert not trader.has_usable_password()
    assert trader.email == ""


def test_a_repeated_import_changes_nothing(tmp_path: Path) -> None:
    folder = replayable(tmp_path)
    import_history(directory=folder)
    before = [m.objects.count() for m in (Market, MarketEvent, Order, Trade, LedgerTransfer, User)]

    report = import_history(directory=folder)

    assert (report.markets, report.known, report.trades) == (0, 1, 0)
    assert [m.objects.count() for m in (Market, MarketEvent, Order, Trade, LedgerTransfer, User)] == before


def test_an_interrupted_import_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = replayable(tmp_path)
    with monkeypatch.context() as patch:
        patch.setattr(importing, "close_market", _stop)
        with pytest.raises(KeyboardInterrupt):
            import_history(directory=folder)
    assert only_market().status == "open"
    assert markets_to_close() == []

    import_history(directory=folder)

    assert only_market().status == "resolved"
    assert Trade.objects.count() == 5


def _stop(**_: object) -> None:
    raise KeyboardInterrupt


def test_without_settling_the_market_stays_closed_until_the_next_import(tmp_path: Path) -> None:
    folder = replayable(tmp_path)

    import_history(directory=folder, is_settling=False)
    assert only_market().status == "closed"
    assert Position.objects.filter(quantity__gt=0).exists()

    import_history(directory=folder)
    assert only_market().status == "resolved"
    assert Trade.objects.count() == 5


def test_prices_without_trades_become_candles(tmp_path: Path) -> None:
    prices = [
        "m-1,2024-03-07#16-FIRST_BOUNCE,0.4,",
        "m-1,2024-03-07#22-HALF_TIME,0.7,",
        "m-1,2024-03-07#19-APPROX_QUARTER_TIME,0.2,",
    ]
    row = market_row(mechanism="CDA order book", outcome="NO", closed="2024-03-07")
    report = import_history(directory=write_folder(tmp_path, markets=[row], prices=prices))

    market = only_market()
    assert (report.price_points, report.trades) == (3, 0)
    day = Candle.objects.get(market=market, interval="1d")
    assert (day.open, day.high, day.low, day.close, day.volume) == (400_000, 700_000, 200_000, 700_000, 0)
    assert Candle.objects.filter(market=market, interval="1m").count() == 3
    assert MarketBook.objects.get(market=market).prices == [700_000, 300_000]
    assert (market.status, market.payouts, market.closes_at) == (
        "resolved",
        [0, 10_000],
        datetime(2024, 3, 8, tzinfo=UTC),
    )
    assert "May be shared: yes (CC0)." in market.description


def test_a_void_market_gives_back_what_was_paid(tmp_path: Path) -> None:
    import_history(directory=replayable(tmp_path, outcome="VOID"))

    market = only_market()
    assert market.status == "void"
    assert MarketBook.objects.get(market=market).settled_at is not None


def test_long_questions_are_shortened_and_kept_in_full_below(tmp_path: Path) -> None:
    long = "Will " + "very " * 60 + "much happen?"
    row = market_row(mechanism="CPMM").replace("Will the study of m-1 be replicated?", long)
    import_history(directory=write_folder(tmp_path, markets=[row], prices=[]))

    market = only_market()
    assert len(market.question) == 240
    assert market.description.startswith(long)


def test_one_mistake_and_nothing_is_loaded_from_any_folder(tmp_path: Path) -> None:
    replayable(tmp_path / "good")
    write_folder(tmp_path / "bad", markets=[market_row("m-2", outcome="?")], prices=["m-2,noon,2,"])

    with pytest.raises(HistoryMistakes) as caught:
        import_history(directory=tmp_path)

    assert [(Path(m.file).name, m.line) for m in caught.value.mistakes] == [
        ("markets.csv", 2),
        ("prices.csv", 2),
        ("prices.csv", 2),
    ]
    assert (Market.objects.count(), User.objects.count()) == (0, 0)


def test_a_person_with_the_handle_of_a_trader_is_never_traded_for(tmp_path: Path) -> None:
    User.objects.create_user("g1-bea", password="a-person's-own")

    with pytest.raises(CommandError, match="The handle g1-bea belongs to somebody else"):
        call_command("import_history", replayable(tmp_path), stdout=StringIO())

    assert not Order.objects.exists()


def test_a_market_in_two_folders_is_a_mistake(tmp_path: Path) -> None:
    replayable(tmp_path / "one")
    replayable(tmp_path / "two")

    with pytest.raises(HistoryMistakes) as caught:
        import_history(directory=tmp_path)

    assert [m.reason for m in caught.value.mistakes] == ["market m-1 of lab is in more than one folder"]
    assert not Market.objects.exists()


def test_ids_that_no_handle_can_show_are_told_apart(tmp_path: Path) -> None:
    rows = trade_rows([("Jo", 10.0), ("jo", 10.0), ("Zoë B.", 10.0), ("x" * 50, 10.0)])
    import_history(directory=write_folder(tmp_path, markets=[market_row()], prices=price_rows(rows), trades=rows))

    handles = set(User.objects.filter(username__startswith="g1-").values_list("username", flat=True))
    assert len(handles) == 4
    assert "g1-jo" in handles


def test_the_command_tells_what_it_did(tmp_path: Path) -> None:
    out = StringIO()
    replayable(tmp_path / "one")
    write_folder(tmp_path / "two", markets=[market_row("m-2", mechanism="CPMM")], prices=[])

    call_command("import_history", tmp_path, only="one", stdout=out)

    assert "1 markets loaded (0 were here already), 4 trades replayed, 0 prices stored." in out.getvalue()
    assert Market.objects.count() == 1


def test_the_command_lists_every_mistake(tmp_path: Path) -> None:
    folder = write_folder(tmp_path, markets=[market_row(outcome="?")], prices=["m-1,noon,0.5,"])

    with pytest.raises(CommandError) as caught:
        call_command("import_history", folder, stdout=StringIO())

    assert str(caught.value).splitlines() == [
        f"{folder}/markets.csv:2: outcome is '?'; expected YES, NO, VOID or a number from 0 to 1",
        f"{folder}/prices.csv:2: timestamp is 'noon', not a time such as 2024-03-07T16:00:00Z",
        "Nothing was loaded: 2 mistake(s).",
    ]
    assert not Market.objects.exists()


def test_a_folder_without_histories_is_a_mistake(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"holds no markets\.csv"):
        call_command("import_history", tmp_path, stdout=StringIO())
