"""The analytics socket: its exact frame, one reading for all, and who gets in."""

import asyncio
from itertools import count
from typing import Any

import pytest
from asgiref.sync import sync_to_async

from accounts.models import User
from accounts.services.create_api_key import create_api_key
from accounts.services.revoke_api_key import revoke_api_key
from analytics.market_ai.realtime import analytics_hub
from analytics.market_ai.services.fold_traders import fold_traders
from common.caching import clients
from common.sockets.hub import dismiss_all
from tests.factories.accounts import make_alice, make_dave
from tests.factories.trading import LIQUIDITY, funded_alice, live_market, place
from tests.trading.realtime.socket import ORIGIN, Socket
from trading.services.refresh_day_figures import refresh_day_figures

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.redis]
PATH = "/api/v1/ai-analytics/ws/analytics/desk-1"
Header = tuple[bytes, bytes]
_numbers = count(1)


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(analytics_hub, "CREDENTIALS_S", 0.2)
    monkeypatch.setattr(analytics_hub, "EVERY_S", 0.2)
    # What another test left of the site's figures.
    clients.client().flushdb()


@pytest.fixture
def dave(transactional_db: None) -> User:
    return make_dave()


@sync_to_async
def make_key(user: User) -> tuple[int, Header]:
    key = create_api_key(user_id=user.pk, name=f"desk {next(_numbers)}", scopes=["read"])
    return key.key_id, (b"authorization", f"Bearer {key.secret}".encode())


async def test_the_frame_is_exactly_this(dave: User) -> None:
    market = await sync_to_async(_a_traded_market)()
    _, key = await make_key(dave)
    async with Socket(key, path=PATH) as socket:
        frame = await socket.next_any()
        assert frame.keys() == {"type", "timestamp", "system_metrics", "top_markets"}
        assert frame["type"] == "analytics_update"
        volume = frame["system_metrics"].pop("total_volume_24h")
        assert frame["system_metrics"] == {"total_users": 2, "active_users": 1, "total_trades_24h": 1}
        (top,) = frame["top_markets"]
        assert top.keys() == {"market_id", "current_price", "volume_24h", "price_change_24h"}
        assert (top["market_id"], top["volume_24h"]) == (market, volume)
        assert float(volume) > 0
        assert 0.5 < float(top["current_price"]) < 0.6
        assert float(top["price_change_24h"]) == pytest.approx(float(top["current_price"]) - 0.5)
        later = await socket.next_any()
        assert later["timestamp"] > frame["timestamp"]


def _a_traded_market() -> int:
    market = live_market(liquidity_lots=LIQUIDITY)
    place(funded_alice(), market, "buy", 0, price=None, shares=100)
    fold_traders()
    refresh_day_figures()
    return market.pk


async def test_one_reading_serves_all(dave: User, monkeypatch: pytest.MonkeyPatch) -> None:
    readings: list[int] = []
    monkeypatch.setattr(analytics_hub, "EVERY_S", 0.5)
    monkeypatch.setattr(analytics_hub, "current_frame", lambda: _note(readings))
    _, key = await make_key(dave)
    sockets = [Socket(key, path=f"{PATH}{number}") for number in range(5)]
    for socket in sockets:
        assert await socket.connect()
    frames = [(await socket.next_any())["number"] for socket in sockets]
    await asyncio.sleep(0.6)
    assert len(readings) <= 4
    assert max(frames) <= len(readings)
    for socket in sockets:
        await socket.__aexit__()
    await asyncio.sleep(0.1)
    count = len(readings)
    await asyncio.sleep(0.6)
    assert len(readings) == count, "without clients nothing is read"


def _note(readings: list[int]) -> str:
    readings.append(1)
    return f'{{"type": "analytics_update", "number": {len(readings)}}}'


async def test_who_gets_in(dave: User, client: Any) -> None:
    _, own = await make_key(dave)
    _, others = await make_key(await sync_to_async(make_alice)())
    assert not await Socket(others, path=PATH).connect()
    assert not await Socket(path=PATH).connect()
    assert not await Socket(own, (b"origin", b"https://evil.example"), path=PATH).connect()
    assert not await Socket(own, path="/api/v1/ai-analytics/ws/analytics/").connect()
    await sync_to_async(client.force_login)(dave)
    cookie = (b"cookie", f"sessionid={client.cookies['sessionid'].value}".encode())
    async with Socket(ORIGIN, cookie, path=PATH) as socket:
        assert (await socket.next_any())["type"] == "analytics_update"


async def test_a_revoked_key_and_a_shutdown_end_it(dave: User) -> None:
    key_id, key = await make_key(dave)
    async with Socket(key, path=PATH) as socket:
        await sync_to_async(revoke_api_key)(key_id=key_id, user_id=dave.pk)
        assert (await _closed(socket)) == 4401
    _, key = await make_key(dave)
    async with Socket(key, path=PATH) as socket:
        await socket.next_any()
        _, code = await asyncio.gather(dismiss_all(), _closed(socket))
        assert code == 1012


async def _closed(socket: Socket) -> int | None:
    while socket.close_code is None:
        await socket.next_any()
    return socket.close_code
