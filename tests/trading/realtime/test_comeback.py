"""Who comes back to private channels gets all that was missed, numbered on, or is told that it can't be had."""

from typing import Any

import pytest
from asgiref.sync import sync_to_async

from accounts.models import User
from markets.models import Market
from tests.factories.markets import make_draft
from tests.trading.realtime.conftest import order
from tests.trading.realtime.socket import ORIGIN, Frame, Socket
from tests.trading.realtime.test_stream import act
from trading.services.open_market import open_market

pytestmark = pytest.mark.django_db(transaction=True)
TOLD_ALL = ["orders", "fills", "notices"]


@pytest.fixture
def cookie(alice: User, client: Any) -> tuple[bytes, bytes]:
    client.force_login(alice)
    return (b"cookie", f"sessionid={client.cookies['sessionid'].value}".encode())


async def numbered(socket: Socket, count: int) -> list[Frame]:
    return [await socket.next() for _ in range(count)]


async def test_numbers_go_on_over_sockets_and_nothing_is_missed(
    bare_market: Market, alice: User, bob: User, cookie: tuple[bytes, bytes]
) -> None:
    market = bare_market
    async with Socket(ORIGIN, cookie) as witness, Socket(ORIGIN, cookie) as socket:
        for one in (witness, socket):
            await one.ask("subscribe", channels=TOLD_ALL, markets=[market.pk])
        await act(market, order(market, alice, "buy", 4_000), order(market, alice, "buy", 4_100))
        seen = await numbered(socket, 2)
        await socket.__aexit__()
        # While it is away: a fill in two steps, and what is of others only.
        await act(market, order(market, bob, "buy", 3_000), order(market, bob, "buy", 5_900, 4_000, outcome=1))
        await act(market, order(market, bob, "buy", 5_900, 6_000, outcome=1), order(market, bob, "buy", 3_100))
        whole = await numbered(witness, 6)
    async with Socket(ORIGIN, cookie) as socket:
        mine = {str(market.pk): seen[-1]["seq"]}
        last = seen[-1]["account_seq"]
        await socket.ask("subscribe", channels=TOLD_ALL, markets=[market.pk], resume_from=mine, account_seq=last)
        missed = await numbered(socket, 4)
        await act(market, order(market, alice, "buy", 4_200))
        live = await socket.next()
    # The same frames under the same numbers as on the socket that stayed.
    assert [*seen, *missed] == whole
    assert [frame["account_seq"] for frame in [*whole, live]] == [1, 2, 3, 4, 5, 6, 7]


async def test_a_break_in_the_middle_of_a_record_loses_nothing(
    bare_market: Market, alice: User, bob: User, cookie: tuple[bytes, bytes]
) -> None:
    """As docs/streams.md tells clients to come back: to before the record of their last frame."""
    market = bare_market
    async with Socket(ORIGIN, cookie) as socket:
        await socket.ask("subscribe", channels=TOLD_ALL, markets=[market.pk])
        await act(market, order(market, alice, "buy", 4_000), order(market, bob, "buy", 6_000, outcome=1))
        seen = await numbered(socket, 3)
    half = seen[1]
    async with Socket(ORIGIN, cookie) as socket:
        mine = {str(market.pk): half["seq"] - 1}
        await socket.ask("subscribe", channels=TOLD_ALL, markets=[market.pk], resume_from=mine, account_seq=1)
        assert await numbered(socket, 2) == seen[1:]


async def test_a_gap_is_told_where_it_cannot_be_resumed(
    bare_market: Market, alice: User, cookie: tuple[bytes, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("trading.realtime.feed.RESUME_MAX", 3)
    market = bare_market
    await act(market, *[order(market, alice, "buy", 4_000 + i) for i in range(5)])
    async with Socket(ORIGIN, cookie) as socket:
        mine = {str(market.pk): 2}
        await socket.ask("subscribe", channels=["orders"], markets=[market.pk], resume_from=mine, account_seq=40)
        gap = await socket.next()
        await act(market, order(market, alice, "buy", 4_200))
        live = await socket.next()
    assert (gap["type"], gap["account_seq"], gap["market_id"], gap["seq"]) == ("gap", 41, market.pk, 7)
    assert gap["data"]["after_seq"] == 2
    assert "GET /api/v1/orders" in gap["data"]["detail"]
    assert (live["type"], live["account_seq"], live["seq"]) == ("order", 42, 8)


async def test_more_markets_than_one_command_resumes_are_told_of_a_gap(
    bare_market: Market, alice: User, cookie: tuple[bytes, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("trading.realtime.hub.RESUMES_MAX", 1)
    other = await sync_to_async(make_draft)(slug="other")
    await sync_to_async(open_market)(other.pk)
    for market in (bare_market, other):
        await act(market, order(market, alice, "buy", 4_000))
    markets = [bare_market.pk, other.pk]
    async with Socket(ORIGIN, cookie) as socket:
        mine = {str(market_id): 2 for market_id in markets}
        await socket.ask("subscribe", channels=["orders"], markets=markets, resume_from=mine)
        told = await numbered(socket, 2)
    assert [(frame["type"], frame["market_id"]) for frame in told] == [("order", markets[0]), ("gap", markets[1])]


async def test_the_number_goes_with_the_first_private_channels(
    bare_market: Market, alice: User, cookie: tuple[bytes, bytes]
) -> None:
    market = bare_market
    async with Socket(ORIGIN, cookie) as socket:
        for wrong in ("7", -1, None, True):
            answer = await socket.ask("subscribe", channels=["orders"], markets=[market.pk], account_seq=wrong)
            assert (answer["code"], answer["field"]) == (3, "/params/account_seq")
        answer = await socket.ask("subscribe", channels=["trades"], markets=[market.pk], account_seq=7)
        assert (answer["code"], answer["field"]) == (3, "/params/account_seq")
        assert (await socket.ask("subscribe", channels=["fills"], markets=[market.pk], account_seq=7))["sid"] == 1
        answer = await socket.ask("subscribe", channels=["orders"], markets=[market.pk], account_seq=7)
        assert (answer["code"], answer["field"]) == (3, "/params/account_seq")
        assert (await socket.ask("subscribe", channels=["orders"], markets=[market.pk]))["sid"] == 2
        await act(market, order(market, alice, "buy", 4_000))
        assert (await socket.next())["account_seq"] == 8
