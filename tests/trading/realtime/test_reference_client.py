"""The client of examples/ and that of the guide against a real server that is killed again and again."""

import asyncio
import importlib.util
import os
import re
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx
import pytest
from asgiref.sync import sync_to_async

from accounts.models import User
from accounts.services.create_api_key import create_api_key
from markets.models import Market
from tests.trading.realtime.conftest import RandomTrading
from tests.trading.realtime.socket import stored_book
from tests.trading.realtime.test_over_servers import Server

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
ROOT = Path(__file__).parents[3]
KILLS = 3


@pytest.fixture
def server(transactional_db: None, tmp_path: Path) -> Iterator[Server]:
    running = Server("granian", tmp_path)
    yield running
    running.stop()


@pytest.fixture
def example() -> Any:
    spec = importlib.util.spec_from_file_location("stream_book", ROOT / "examples" / "stream_book.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@asynccontextmanager
async def running(work: Any) -> AsyncIterator[None]:
    task = asyncio.ensure_future(work)
    try:
        yield
        assert not task.done(), "a client goes on for ever"
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def test_a_book_is_right_over_kills_and_restarts(
    server: Server, example: Any, market: Market, alice: User, bob: User, tmp_path: Path
) -> None:
    key = (await sync_to_async(create_api_key)(user_id=alice.pk, name="stream", scopes=["read"])).secret
    step = sync_to_async(RandomTrading(market, [alice, bob], 9).step)
    seen: dict[int, int] = {}
    keeper = example.Keeper(server.origin, key, market.pk, lambda book: seen.__setitem__(book.seq, book.checksum()))
    asked: dict[int, int] = {}
    await server.wait_until_open()

    async def ask_books() -> None:
        async with httpx.AsyncClient(base_url=server.origin) as client:
            while True:
                with suppress(httpx.TransportError):
                    answer = await client.get(f"/api/v1/markets/{market.pk}/book", params={"depth": 500})
                    if answer.status_code == 200:
                        asked[answer.json()["seq"]] = checksum(example, answer.json())
                await asyncio.sleep(0.2)

    async with running(keeper.run()), running(ask_books()):
        await until(lambda: keeper.book.seq is not None)
        for _ in range(KILLS):
            for _ in range(5):
                await step()
                await asyncio.sleep(0.05)
            await until(lambda: len(asked) > 0)
            connections = keeper.connections
            server.kill()
            for _ in range(5):
                await step()
            server.restart()
            await server.wait_until_open()
            await until(lambda: keeper.connections > connections)  # noqa: B023
        await step()
        seq, sizes = await sync_to_async(stored_book)(market.pk)
        await until(lambda: keeper.book.seq == seq and seq in asked)

    assert {key: Decimal(size) for key, size in keeper.book.sizes.items()} == sizes
    assert sorted(seen) == list(range(min(seen), seq + 1)), "every number once, over all restarts"
    common = seen.keys() & asked.keys()
    assert len(common) >= KILLS
    assert {number: seen[number] for number in common} == {number: asked[number] for number in common}
    assert keeper.connections == KILLS + 1
    assert (keeper.book.snapshots, keeper.mistrusts) == (1, 0), "what was missed came as deltas"
    assert keeper.book.checksums > KILLS


def checksum(example: Any, answer: dict[str, Any]) -> int:
    """That of the book of "yes" as the API tells it."""
    book = example.Book()
    book.take({"type": "book.snapshot", "seq": answer["seq"], "data": {"books": answer["books"][:1]}})
    return int(book.checksum())


async def until(is_so: Any) -> None:
    async with asyncio.timeout(30):
        while not is_so():
            await asyncio.sleep(0.02)


async def test_the_guides_program_runs(server: Server, market: Market, alice: User, bob: User, tmp_path: Path) -> None:
    await server.wait_until_open()
    key = (await sync_to_async(create_api_key)(user_id=alice.pk, name="stream", scopes=["read"])).secret
    await sync_to_async(RandomTrading(market, [alice, bob], 4).step)(30)
    program = re.findall(r"```python\n(.*?)```", (ROOT / "docs" / "streams.md").read_text(), re.DOTALL)[-1]
    path = tmp_path / "example.py"
    path.write_text(program)
    environment = os.environ | {"OM_STREAM": server.url, "OM_KEY": key}
    process = await asyncio.create_subprocess_exec(
        sys.executable, str(path), str(market.pk), env=environment, stdout=subprocess.PIPE
    )
    try:
        assert process.stdout is not None
        line = (await asyncio.wait_for(process.stdout.readline(), 20)).decode()
    finally:
        process.kill()
        await process.wait()
    assert re.fullmatch(r"seq \d+: \d+ levels, checksum right\n", line), line
