"""Candles, slow readers that get the newest state, and what an update adds and removes."""

import asyncio

import pytest
from asgiref.sync import sync_to_async

from accounts.models import User
from markets.models import Market
from tests.factories.markets import make_draft
from tests.trading.realtime.conftest import RandomTrading, order
from tests.trading.realtime.socket import ClientBook, Socket, stored_book
from tests.trading.realtime.test_stream import act
from trading.realtime.client import Client, Subscription
from trading.selectors.candles import candles
from trading.services.open_market import open_market


@pytest.mark.django_db(transaction=True)
async def test_candles_are_those_of_the_api(market: Market, alice: User) -> None:
    async with Socket() as socket:
        await socket.ask("subscribe", channels=["candles"], markets=[market.pk])
        await act(market, order(market, alice, "buy", 5_100, 10_000, tif="ioc"))
        first = [await socket.next() for _ in range(3)]
        assert {frame["data"]["interval"] for frame in first} == {"1m", "1h", "1d"}
        await act(market, order(market, alice, "buy", 5_200, 10_000, tif="ioc"))
        hour = [await socket.next() for _ in range(3)]
        told = next(frame["data"] for frame in hour if frame["data"]["interval"] == "1h")
        stored = (await sync_to_async(candles)(market.pk, outcome=0, is_binary=True, interval="1h"))[-1]
        assert (told["outcome"], told["trades"], told["close"]) == ("yes", 2, f"0.{stored.close:06d}")
        assert (told["open"], told["high"]) == (f"0.{stored.open:06d}", f"0.{stored.high:06d}")
        # What trades nothing and moves nothing changes no candle.
        await act(market, order(market, alice, "buy", 1_000))
        assert await socket.is_silent()
    async with Socket() as again:
        await again.ask("subscribe", channels=["candles"], markets=[market.pk])
        now = [await again.next() for _ in range(3)]
        assert [frame["data"] for frame in now if frame["data"]["interval"] == "1h"] == [told]


@pytest.mark.django_db(transaction=True)
async def test_an_update_adds_and_removes_markets(market: Market, alice: User) -> None:
    other = await sync_to_async(make_draft)(liquidity_lots=0, question="Will it rain in Porto?")
    await sync_to_async(open_market)(other.pk)
    async with Socket() as socket:
        await socket.ask("subscribe", channels=["lifecycle"], markets=[market.pk])
        added = await socket.ask("update_subscription", sid=1, add_markets=[other.pk])
        assert (added["type"], added["markets"]) == ("updated", [market.pk, other.pk])
        left = await socket.ask("update_subscription", sid=1, remove_markets=[market.pk])
        assert left["markets"] == [other.pk]
        refused = await socket.ask("update_subscription", sid=1, remove_markets=[other.pk])
        assert (refused["code"], refused["field"]) == (3, "/params/remove_markets")
        assert (await socket.ask("list"))["subscriptions"][0]["markets"] == [other.pk]
        resumed = await socket.ask("update", sid=1, add_markets=[market.pk], resume_from={str(market.pk): 1})
        assert resumed["markets"] == [market.pk, other.pk]
        assert (await socket.next())["data"]["event"] == "opened"


@pytest.mark.django_db(transaction=True)
async def test_what_was_missed_carries_the_checksums_it_would_have_had(market: Market, alice: User, bob: User) -> None:
    step = sync_to_async(RandomTrading(market, [alice, bob], 3).step)
    live, late = ClientBook(), ClientBook()
    async with Socket() as one, Socket() as other:
        for socket, book in ((one, live), (other, late)):
            await socket.ask("subscribe", channels=["book"], markets=[market.pk])
            book.take(await socket.next())
        since = late.seq
        await other.ask("unsubscribe", sid=1)
        for _ in range(30):
            await step()
        heard = []
        seq, sizes = await sync_to_async(stored_book)(market.pk)
        while live.seq < seq:
            heard.append(await one.next())
            live.take(heard[-1])
        await other.ask("subscribe", channels=["book"], markets=[market.pk], resume_from={str(market.pk): since})
        for frame in heard:
            repeated = await other.next()
            late.take(repeated)
            expected = {**frame, "sid": 2}
            if "checksum" not in frame["data"]:
                repeated["data"].pop("checksum", None)
            assert repeated == expected
    assert live.checksums >= 3
    assert live.sizes == late.sizes == sizes


async def test_a_slow_reader_gets_the_newest_state_and_every_delta() -> None:
    codes: list[int] = []
    client = Client(codes.append)
    subscription = Subscription(client, 1, frozenset({"ticker", "book"}), held=None)
    for number in range(20_000):
        subscription.put("ticker", f'"n":{number}}}', (7, None))
        if number % 10_000 == 0:
            subscription.put("book", f'"delta":{number}}}')
    sent: list[str] = []

    async def send(text: str) -> None:
        sent.append(text)

    writer = asyncio.ensure_future(client.write(send))
    await asyncio.sleep(0.01)
    writer.cancel()
    assert codes == []
    assert sent == ['{"sid":1,"delta":0}', '{"sid":1,"delta":10000}', '{"sid":1,"n":19999}']


@pytest.mark.django_db(transaction=True)
async def test_frames_come_in_arrays_to_those_who_ask(market: Market, alice: User, bob: User) -> None:
    step = sync_to_async(RandomTrading(market, [alice, bob], 5).step)
    book = ClientBook()
    async with Socket() as socket:
        await socket.send(id=1, cmd="batch", params={"interval_ms": 200})
        assert await socket.next_array() == [{"id": 1, "type": "batching", "interval_ms": 200}]
        await socket.send(id=1, cmd="subscribe", params={"channels": ["book"], "markets": [market.pk]})
        await step(40)
        seq, sizes = await sync_to_async(stored_book)(market.pk)
        messages = 0
        while book.seq < seq:
            for frame in await socket.next_array():
                if frame["type"].startswith("book."):
                    book.take(frame)
            messages += 1
        assert book.sizes == sizes
        assert messages < 10
        await socket.send(id=1, cmd="batch", params={"interval_ms": 1001})
        assert [frame["field"] for frame in await socket.next_array()] == ["/params/interval_ms"]
        await socket.send(id=1, cmd="batch", params={"interval_ms": 0})
        assert (await socket.next_of("batching"))["interval_ms"] == 0
