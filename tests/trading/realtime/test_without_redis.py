"""Redis goes away and comes back; the numbers stay whole."""

from pathlib import Path
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.conf import settings as django_settings

from accounts.models import User
from markets.models import Market
from opinion_market.local.redis import EmbeddedRedis
from opinion_market.local.sockets import prepare
from tests.trading.realtime.conftest import RandomTrading
from tests.trading.realtime.socket import ClientBook, Socket, stored_book

pytestmark = pytest.mark.django_db(transaction=True)


async def test_a_book_survives_the_loss_and_return_of_redis(
    market: Market, alice: User, bob: User, settings: Any, tmp_path_factory: pytest.TempPathFactory
) -> None:
    directory = prepare(Path(django_settings.REDIS_URL.removeprefix("unix://")).parent / "second")
    server = EmbeddedRedis(data_dir=directory / "redis", socket_dir=directory)
    settings.REDIS_URL = server.url()
    trading = RandomTrading(market, [alice, bob], 11)
    step = sync_to_async(trading.step)
    book, notices = ClientBook(), []

    async def follow(socket: Socket) -> None:
        seq, sizes = await sync_to_async(stored_book)(market.pk)
        while book.seq < seq:
            frame = await socket.next_any()
            if frame["type"] == "notice":
                notices.append(frame["data"]["code"])
            elif frame["type"] != "tick":
                book.take(frame)
        assert book.sizes == sizes

    server.start()
    try:
        async with Socket() as socket:
            assert (await socket.ask("subscribe", channels=["book"], markets=[market.pk]))["type"] == "subscribed"
            await step()
            await follow(socket)
            server.stop()
            await step()
            await follow(socket)
            await step()
            await follow(socket)
            server.start()
            while notices != ["polling", "live"]:
                notices.append((await socket.next_of("notice"))["data"]["code"])
            await step()
            await follow(socket)
    finally:
        server.stop()
