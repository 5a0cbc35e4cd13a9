"""The stream as its clients see it, on committed data."""

import asyncio
import json
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.db import OperationalError

from accounts.models import User
from common.sockets.hub import hubs_of_loop
from markets.models import Market
from markets.services.close_market import close_market
from tests.trading.realtime.conftest import RandomTrading, order
from tests.trading.realtime.socket import ClientBook, Socket, stored_book
from trading.services.cancel_all import cancel_all
from trading.services.execute_commands import execute

pytestmark = pytest.mark.django_db(transaction=True)


@sync_to_async
def act(market: Market, *commands: Any) -> None:
    for answer in execute(market.pk, commands):
        assert answer.status < 300, answer.body


async def test_a_book_is_a_snapshot_then_deltas(market: Market, alice: User, bob: User) -> None:
    await act(market, order(market, alice, "buy", 4_500, 20_000))
    async with Socket() as socket:
        assert await socket.ask("subscribe", channels=["book"], markets=[market.pk]) == {
            "id": 1,
            "type": "subscribed",
            "sid": 1,
            "channels": ["book"],
            "markets": [market.pk],
        }
        snapshot = await socket.next()
        assert (snapshot["type"], snapshot["sid"], snapshot["market_id"]) == ("book.snapshot", 1, market.pk)
        assert snapshot["data"]["books"] == [{"outcome": "yes", "bids": [["0.4500", "2"]], "asks": []}]

        await act(market, order(market, bob, "buy", 4_000, 15_000, outcome=1))
        delta = await socket.next()
        assert (delta["type"], delta["seq"]) == ("book.delta", snapshot["seq"] + 1)
        assert delta["data"] == {"changes": [{"outcome": "yes", "side": "ask", "price": "0.6000", "change": "1.5"}]}


async def test_trades_ticker_and_lifecycle(market: Market, alice: User) -> None:
    async with Socket() as socket:
        await socket.ask("subscribe", channels=["trades", "ticker", "lifecycle"], markets=[market.pk])
        first = await socket.next()
        assert (first["type"], first["data"]["prices"]) == ("ticker", {"yes": "0.500000", "no": "0.500000"})
        await act(market, order(market, alice, "buy", 5_100, 10_000, tif="ioc"))
        trade = await socket.next()
        assert trade["type"] == "trade"
        assert trade["data"]["quantity"] == "1"
        assert (trade["data"]["side"], trade["data"]["kind"], trade["data"]["line"]) == ("buy", "rule", 0)
        ticker = await socket.next()
        assert (ticker["type"], ticker["seq"]) == ("ticker", trade["seq"])
        assert ticker["data"]["trades"] == 1
        assert float(ticker["data"]["prices"]["yes"]) > 0.5


async def test_changes_of_the_market_come_at_once(market: Market, alice: User) -> None:
    await act(market, order(market, alice, "buy", 4_000))
    async with Socket() as socket:
        await socket.ask("subscribe", channels=["lifecycle", "book"], markets=[market.pk])
        assert (await socket.next())["data"]["books"][0]["bids"] == [["0.4000", "1"]]
        await sync_to_async(close_market)(market_id=market.pk, actor_id=None)
        async with asyncio.timeout(4):
            closed, _ = await socket.next_of("lifecycle"), await sync_to_async(cancel_all)(market.pk)
            assert (closed["data"]["event"], closed["seq"]) == ("closed", 4)
            delta = await socket.next_of("book.delta")
            while not delta["data"]["changes"]:
                delta = await socket.next_of("book.delta")
        assert delta["data"]["changes"][0]["change"] == "-1"


@pytest.mark.parametrize("seed", [1, 2, 3])
async def test_snapshot_and_deltas_equal_a_fresh_snapshot(market: Market, alice: User, bob: User, seed: int) -> None:
    trading = RandomTrading(market, [alice, bob], seed)
    step = sync_to_async(trading.step)
    await step(50)
    early, late = ClientBook(), ClientBook()
    async with Socket() as one, Socket() as other:
        await one.ask("subscribe", channels=["book"], markets=[market.pk])
        for _ in range(10):
            await step(20)
        await other.ask("subscribe", channels=["book"], markets=[market.pk])
        for _ in range(5):
            await step(20)
        seq, sizes = await sync_to_async(stored_book)(market.pk)
        for socket, book in ((one, early), (other, late)):
            while book.seq < seq:
                book.take(await socket.next())
            assert (book.seq, book.sizes) == (seq, sizes)
    assert early.checksums >= 2
    assert early.checksum() == late.checksum()


async def test_coming_back_gives_exactly_what_was_missed(market: Market, alice: User, bob: User) -> None:
    trading = RandomTrading(market, [alice, bob], 7)
    step = sync_to_async(trading.step)
    book = ClientBook()
    async with Socket() as socket:
        await socket.ask("subscribe", channels=["book"], markets=[market.pk])
        book.take(await socket.next())
    await step(150)
    async with Socket() as socket:
        await socket.ask("subscribe", channels=["book"], markets=[market.pk], resume_from={str(market.pk): book.seq})
        await step(10)
        seq, sizes = await sync_to_async(stored_book)(market.pk)
        while book.seq < seq:
            book.take(await socket.next())
        assert book.sizes == sizes


@pytest.mark.parametrize("resume_from", [0, 10**9])
async def test_a_number_too_old_or_from_the_future_gets_a_snapshot(
    market: Market, alice: User, bob: User, resume_from: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("trading.realtime.feed.RESUME_MAX", 3)
    await act(market, *[order(market, alice, "buy", 4_000 + i) for i in range(5)])
    async with Socket() as socket:
        await socket.ask("subscribe", channels=["book"], markets=[market.pk], resume_from={str(market.pk): resume_from})
        gap = await socket.next()
        assert (gap["type"], gap["seq"], gap["data"]["after_seq"]) == ("gap", 7, resume_from)
        assert "account_seq" not in gap
        assert (await socket.next())["type"] == "book.snapshot"


async def test_unsubscribe_update_and_list(market: Market, alice: User) -> None:
    async with Socket() as socket:
        await socket.ask("subscribe", channels=["trades"], markets=[market.pk])
        assert (await socket.ask("update", sid=1, channels=["book"]))["channels"] == ["book"]
        assert (await socket.next())["type"] == "book.snapshot"
        assert (await socket.ask("list"))["subscriptions"] == [{"sid": 1, "channels": ["book"], "markets": [market.pk]}]
        assert (await socket.ask("unsubscribe", sid=1))["type"] == "unsubscribed"
        await act(market, order(market, alice, "buy", 4_000))
        assert (await socket.ask("list"))["subscriptions"] == []
        assert (await socket.ask("unsubscribe", sid=1))["code"] == 8
        assert (await socket.ask("ping"))["type"] == "pong"


async def test_a_tick_tells_the_last_seq(market: Market, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("trading.realtime.hub.TICK_S", 0.2)
    async with Socket() as socket:
        await socket.ask("subscribe", channels=["trades"], markets=[market.pk])
        tick = await socket.next_of("tick")
        assert tick["markets"] == {str(market.pk): 2}


async def test_unknown_and_draft_markets(market: Market) -> None:
    async with Socket() as socket:
        answer = await socket.ask("subscribe", channels=["book"], markets=[market.pk, 999_999])
        assert (answer["code"], answer["field"]) == (4, "/params/markets")
        assert (await socket.ask("list"))["subscriptions"] == []
        assert [hub._feeds for hub in hubs_of_loop()] == [{}]


@pytest.mark.parametrize(
    "selector",
    [
        "trading.selectors.stream.stream_markets",
        "trading.selectors.stream.stream_levels",
        "trading.selectors.stream_states.stream_tickers",
    ],
)
async def test_a_database_that_is_away_changes_nothing(
    market: Market, monkeypatch: pytest.MonkeyPatch, selector: str
) -> None:
    def fail(*args: object) -> None:
        raise OperationalError("the server closed the connection")

    async with Socket() as socket:
        with monkeypatch.context() as patch:
            patch.setattr(selector, fail)
            answer = await socket.ask("subscribe", channels=["book", "ticker"], markets=[market.pk])
            assert (answer["type"], answer["id"], answer["code"]) == ("error", 1, 10)
        assert (await socket.ask("list"))["subscriptions"] == []
        answer = await socket.ask("subscribe", channels=["book", "ticker"], markets=[market.pk])
        assert (answer["type"], answer["sid"]) == ("subscribed", 1)
        assert {(await socket.next())["type"], (await socket.next())["type"]} == {"book.snapshot", "ticker"}


async def test_garbage_is_answered_and_haste_ends_the_connection() -> None:
    async with Socket() as socket:
        for text in (" ", "{", "[1]", '{"id":1,"cmd":"subscribe"}', '{"cmd":"\x00"}', "null", '"\\ud800"'):
            await socket.send(text)
            assert (await socket.next())["type"] == "error"
        await socket.send_bytes(b"\xff\xfe")
        assert (await socket.next())["code"] == 1
        for _ in range(10_000):
            await socket.send('{"id":1,"cmd":"subscribe","params":{"channels":["book"],"markets":[1]}}')
        frame = await socket.next()
        while frame["type"] == "error":
            last, frame = frame, await socket.next()
        assert (last["code"], frame) == (9, {"type": "closed", "code": 1008})


async def test_many_markets_count_as_many_commands() -> None:
    async with Socket() as socket:
        codes = []
        for _ in range(12):
            await socket.send(id=1, cmd="subscribe", params={"channels": ["book"], "markets": list(range(1, 201))})
            codes.append((await socket.next())["code"])
    # Ten of 200 markets use up the burst of 100 commands; market 1 doesn't exist.
    assert (codes[:10], codes[-1]) == ([4] * 10, 9)


async def test_a_frame_over_the_limit_closes() -> None:
    async with Socket() as socket:
        await socket.send(json.dumps({"id": 1, "cmd": "ping", "params": {"x": "y" * 70_000}}))
        assert await socket.next() == {"type": "closed", "code": 1009}


async def test_a_slow_reader_is_closed(market: Market, alice: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("trading.realtime.client.FRAMES_MAX", 3)
    async with Socket() as socket:
        await socket.ask("subscribe", channels=["book"], markets=[market.pk])
        assert (await socket.next())["type"] == "book.snapshot"
        await act(market, *[order(market, alice, "buy", 4_000 + i) for i in range(30)])
        frame = await socket.next()
        while frame["type"] == "book.delta":
            frame = await socket.next()
        assert frame == {"type": "closed", "code": 4008}
        assert socket.close_reason == "You read too slowly: connect again and resume."
