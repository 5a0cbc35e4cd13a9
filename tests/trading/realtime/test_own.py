"""The private channels: only the own, numbered for the account, whole across reconnections."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from asgiref.sync import sync_to_async

from accounts.models import User
from common import clock
from markets.models import Market
from markets.services.close_market import close_market
from tests.trading.realtime.conftest import order
from tests.trading.realtime.socket import ORIGIN, Frame, Socket
from tests.trading.realtime.test_stream import act
from trading.services.cancel_all import cancel_all
from trading.types import CancelOrder, TimeInForce

pytestmark = pytest.mark.django_db(transaction=True)
OWN = ["orders", "fills", "positions", "notices"]


@pytest.fixture
def cookie(alice: User, client: Any) -> tuple[bytes, bytes]:
    client.force_login(alice)
    return (b"cookie", f"sessionid={client.cookies['sessionid'].value}".encode())


async def frames_of(socket: Socket, *kinds: str) -> dict[str, Frame]:
    """The next frames, which are of ``kinds`` in any order."""
    found = {frame["type"]: frame for frame in [await socket.next() for _ in kinds]}
    assert set(found) == set(kinds)
    return found


async def test_private_channels_show_only_the_own(
    bare_market: Market, alice: User, bob: User, cookie: tuple[bytes, bytes]
) -> None:
    market = bare_market
    async with Socket(ORIGIN, cookie) as mine, Socket() as anonymous:
        for channel in OWN:
            answer = await anonymous.ask("subscribe", channels=[channel], markets=[market.pk])
            assert (answer["type"], answer["code"]) == ("error", 6)
        assert (await mine.ask("subscribe", channels=["orders", "fills"], markets=[market.pk]))["type"] == "subscribed"
        resting = order(market, alice, "buy", 4_500, 20_000, outcome=1)
        await act(market, order(market, bob, "buy", 4_000), resting)
        placed = await mine.next()
        order_id = placed["data"].pop("id")
        assert (placed["type"], placed["account_seq"]) == ("order", 1)
        assert placed["data"] == {
            "client_order_id": resting.client_order_id,
            "outcome": "no",
            "side": "buy",
            "type": "limit",
            "time_in_force": "gtc",
            "status": "open",
            "price": "0.4500",
            "trigger_price": None,
            "post_only": False,
            "reduce_only": False,
            "linked_order_id": None,
            "order_group_id": None,
            "quantity": "2",
            "filled": "0",
            "remaining": "2",
            "average_price": None,
            "cost": "0",
            "fee": "0",
        }
        await act(market, order(market, bob, "buy", 5_500, 5_000))
        told = await frames_of(mine, "order", "fill")
        assert {frame["account_seq"] for frame in told.values()} == {2, 3}
        changed = told["order"]["data"]
        assert (changed["filled"], changed["remaining"], changed["average_price"]) == ("0.5", "1.5", "0.4500")
        assert told["fill"]["data"] == {
            "line": 0,
            "order_id": order_id,
            "client_order_id": resting.client_order_id,
            "outcome": "no",
            "side": "buy",
            "price": "0.4500",
            "quantity": "0.5",
            "cost": "0.225",
            "fee": "0",
            "is_taker": False,
        }
        assert await anonymous.is_silent()


async def test_positions_come_at_once_and_after_each_change(
    bare_market: Market, alice: User, bob: User, cookie: tuple[bytes, bytes]
) -> None:
    market = bare_market
    async with Socket(ORIGIN, cookie) as mine:
        await mine.ask("subscribe", channels=["positions"], markets=[market.pk])
        assert (await mine.next())["data"] == {"holdings": []}
        await act(market, order(market, alice, "buy", 4_500, 20_000, outcome=1))
        await act(market, order(market, bob, "buy", 5_500, 20_000))
        bought = await mine.next()
        assert (bought["type"], bought["account_seq"], bought["market_id"]) == ("position", 2, market.pk)
        assert bought["data"]["holdings"] == [
            {"outcome": "no", "quantity": "2", "held": "0", "cost": "0.9", "average_price": "0.4500"}
        ]
        await act(market, order(market, alice, "sell", 6_000, 5_000, outcome=1))
        assert (await mine.next())["data"]["holdings"][0]["held"] == "0.5"
    async with Socket(ORIGIN, cookie) as again:
        await again.ask("subscribe", channels=["positions"], markets=[market.pk])
        assert (await again.next())["data"]["holdings"][0]["held"] == "0.5"


async def test_notices_tell_why_an_order_is_gone(
    bare_market: Market, alice: User, bob: User, cookie: tuple[bytes, bytes]
) -> None:
    market = bare_market
    mine, bobs = order(market, alice, "buy", 4_000), order(market, bob, "buy", 4_000)
    await act(market, mine, bobs)
    async with Socket(ORIGIN, cookie) as socket:
        await socket.ask("subscribe", channels=["notices"], markets=[market.pk])
        await sync_to_async(close_market)(market_id=market.pk, actor_id=None)
        closed = await socket.next_of("notice")
        assert closed["data"]["code"] == "market_closed"
        await sync_to_async(cancel_all)(market.pk)
        gone = await socket.next_of("notice")
        assert (gone["data"]["code"], gone["data"]["client_order_id"]) == ("order_cancelled", mine.client_order_id)
        assert gone["account_seq"] == closed["account_seq"] + 1
        assert "0 filled" in gone["data"]["detail"]
        assert await socket.is_silent()


async def test_coming_back_tells_the_own_that_was_missed(
    bare_market: Market, alice: User, bob: User, cookie: tuple[bytes, bytes]
) -> None:
    market = bare_market
    resting = order(market, alice, "buy", 4_500, 20_000, outcome=1)
    await act(market, resting)
    seq = 3
    await act(market, order(market, bob, "buy", 5_500, 5_000), order(market, bob, "buy", 5_500, 5_000))
    async with Socket(ORIGIN, cookie) as socket:
        params = {"channels": ["orders", "fills"], "markets": [market.pk], "resume_from": {str(market.pk): seq}}
        await socket.ask("subscribe", **params)
        told = [await socket.next() for _ in range(4)]
        assert [frame["account_seq"] for frame in told] == [1, 2, 3, 4]
        assert [(frame["seq"], frame["type"]) for frame in told] == [
            (4, "order"),
            (4, "fill"),
            (5, "order"),
            (5, "fill"),
        ]
        assert {frame["data"]["client_order_id"] for frame in told} == {resting.client_order_id}
        assert await socket.is_silent()


async def test_the_tick_repeats_the_last_number(
    bare_market: Market, alice: User, cookie: tuple[bytes, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("trading.realtime.hub.TICK_S", 0.3)
    async with Socket(ORIGIN, cookie) as socket, Socket() as anonymous:
        for one in (socket, anonymous):
            channels = ["orders"] if one is socket else ["trades"]
            await one.ask("subscribe", channels=channels, markets=[bare_market.pk])
        assert (await socket.next_of("tick"))["account_seq"] == 0
        placed = order(bare_market, alice, "buy", 4_000)
        await act(bare_market, placed)
        made = await socket.next_of("order")
        await act(bare_market, CancelOrder(alice.pk, made["data"]["id"]))
        assert (await socket.next_of("order"))["data"]["status"] == "cancelled"
        assert (await socket.next_of("tick"))["account_seq"] == 2
        assert "account_seq" not in await anonymous.next_of("tick")


async def test_an_expired_order_says_so(
    bare_market: Market, alice: User, bob: User, cookie: tuple[bytes, bytes]
) -> None:
    placed = order(bare_market, alice, "buy", 4_000)
    until = clock.now() + timedelta(seconds=0.3)
    await act(bare_market, replace(placed, spec=replace(placed.spec, time_in_force=TimeInForce.GTD, valid_until=until)))
    async with Socket(ORIGIN, cookie) as socket:
        await socket.ask("subscribe", channels=["notices"], markets=[bare_market.pk])
        await asyncio.sleep(0.4)
        await act(bare_market, order(bare_market, bob, "buy", 3_000))
        assert "It was good until" in (await socket.next_of("notice"))["data"]["detail"]
