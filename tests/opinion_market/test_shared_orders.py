"""Orders that come at once over HTTP share a thread and a transaction; a market that is stuck holds up no other."""

import asyncio
import threading
from collections.abc import Callable, Iterator
from io import StringIO
from typing import Any

import orjson
import psycopg
import pytest
from django.core.management import call_command
from django.db import connection

from accounts.models import User
from accounts.services.create_api_key import create_api_key
from markets.models import Market
from opinion_market.http_bridge import HttpBridge, Message
from opinion_market.site_handler import SiteHandler, is_single_order
from tests.factories.trading import funded_alice, funded_bob, live_market
from trading.models import Order, Submission
from trading.services import submit as door

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


@pytest.fixture
def bridge() -> Iterator[HttpBridge]:
    made = HttpBridge(SiteHandler(), body_max_bytes=100_000, threads=2, is_shared=is_single_order)
    yield made
    asyncio.run(made.shutdown())


@pytest.fixture
def batches(monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, int]]:
    """Thread and length of each batch."""
    found: list[tuple[int, int]] = []

    def executing(market_id: int, commands: Any, *, execute: Any = door.execute, **more: Any) -> Any:
        answers = execute(market_id, commands, **more)
        # Those that joined meanwhile are among them.
        found.append((threading.get_ident(), len(answers)))
        return answers

    monkeypatch.setattr(door, "execute", executing)
    return found


def _key(user: User) -> str:
    return create_api_key(user_id=user.pk, name="bot", scopes=("read", "trade")).secret


async def _order(bridge: HttpBridge, key: str, market: Market, **terms: Any) -> tuple[int, Any]:
    """Status and document of an order for a share at 0.40."""
    body = orjson.dumps(
        {"market_id": market.pk, "outcome": "yes", "side": "buy", "price": "0.4000", "quantity": "1", **terms}
    )
    scope = {
        "type": "http", "method": "POST", "path": "/api/v1/orders", "query_string": b"", "http_version": "1.1",
        "scheme": "http", "client": ("10.0.0.1", 5), "server": ("site", 80),
        "headers": [
            (b"authorization", b"Bearer " + key.encode()), (b"content-type", b"application/json"),
            (b"host", b"testserver"),
        ],
    }  # fmt: skip
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": body}

    async def send(message: Message) -> None:
        sent.append(message)

    await bridge(scope, receive, send)
    return sent[0]["status"], orjson.loads(sent[1]["body"])


def _run(work: Callable[[], Any]) -> Any:
    return asyncio.run(work())


def test_orders_at_once_are_few_batches_and_each_is_kept_once(
    bridge: HttpBridge, batches: list[tuple[int, int]]
) -> None:
    keys, market = [_key(funded_alice()), _key(funded_bob())], live_market()

    async def work() -> list[tuple[int, Any]]:
        await _order(bridge, keys[0], market, client_order_id="before")
        batches.clear()
        orders = [_order(bridge, keys[n % 2], market, client_order_id=f"bot-{n}") for n in range(40)]
        return await asyncio.gather(*orders)

    answers = _run(work)
    assert [status for status, _ in answers] == [201] * 40
    assert len({document["id"] for _, document in answers}) == 40
    assert Order.objects.count() == Submission.objects.count() == 41
    assert sum(length for _, length in batches) == 40
    # Two are enough where nobody else uses the machine.
    assert len(batches) < 20
    assert threading.get_ident() not in {thread for thread, _ in batches}
    out = StringIO()
    call_command("check_invariants", stdout=out, stderr=out)
    assert "13 invariants hold" in out.getvalue()


def test_each_has_its_own_answer(bridge: HttpBridge) -> None:
    key, market = _key(funded_alice()), live_market()

    async def work() -> list[tuple[int, Any]]:
        return await asyncio.gather(
            _order(bridge, key, market, client_order_id="one"),
            _order(bridge, key, market, price="2"),
            _order(bridge, "nothing", market),
            _order(bridge, key, market, quantity="1000000"),
            _order(bridge, key, market, client_order_id="one"),
        )

    answers = _run(work)
    assert [status for status, _ in answers] == [201, 422, 401, 409, 201]
    assert answers[0][1] == answers[4][1]
    assert Order.objects.count() == 1


def test_a_market_that_is_locked_holds_up_no_other(bridge: HttpBridge) -> None:
    key, stuck, free = _key(funded_alice()), live_market(), live_market()
    parameters = connection.get_connection_params()
    parameters.pop("cursor_factory", None)
    parameters.pop("context", None)

    async def work() -> tuple[int, int]:
        await _order(bridge, key, free)
        with psycopg.connect(**parameters) as other:
            other.execute("SELECT 1 FROM markets_markethead WHERE market_id = %s FOR UPDATE", [stuck.pk])
            waiting = asyncio.ensure_future(_order(bridge, key, stuck))
            await asyncio.sleep(0.05)
            passed, _ = await asyncio.wait_for(_order(bridge, key, free), 60)
            assert not waiting.done()
        return passed, (await waiting)[0]

    assert _run(work) == (201, 201)
    assert Order.objects.count() == 3
