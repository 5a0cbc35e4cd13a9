"""Several programs with one account, at once, over HTTP."""

from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection

from tests.factories.markets import make_draft
from tests.trading.api.conftest import Api
from trading.services.open_market import open_market

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
THREADS = 6


def _markets(count: int) -> list[int]:
    drafts = [make_draft(liquidity_lots=10_000_000) for _ in range(count)]
    for draft in drafts:
        open_market(draft.pk)
    return [draft.pk for draft in drafts]


def _send_all(api: Api, bodies: list[dict[str, Any]]) -> list[Any]:
    def send(body: dict[str, Any]) -> Any:
        try:
            return api.post("/orders", body)
        finally:
            connection.close()

    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(send, bodies))


def test_one_trader_on_many_markets_loses_no_credit(alice: Api) -> None:
    markets = _markets(3)
    bodies = [
        {"market_id": markets[n % 3], "outcome": "yes", "side": "buy", "type": "market", "quantity": "1"}
        for n in range(60)
    ]
    answers = _send_all(alice, bodies)
    assert {answer.status_code for answer in answers} == {201}
    spent = sum(Decimal(answer.json()["cost"]) for answer in answers)
    assert Decimal(alice.get("/account").json()["cash"]) == Decimal(1_000) - spent
    assert sorted(p["quantity"] for p in alice.get("/positions").json()["items"]) == ["20", "20", "20"]


def test_the_same_order_sent_at_once_is_one_order(alice: Api) -> None:
    body = {
        "market_id": _markets(1)[0],
        "outcome": "yes",
        "side": "buy",
        "price": "0.9",
        "quantity": "5",
        "client_order_id": "once",
    }
    answers = _send_all(alice, [body] * 24)
    assert {(answer.status_code, answer.content) for answer in answers} == {(201, answers[0].content)}
    assert sum("Idempotent-Replay" not in answer.headers for answer in answers) == 1
    assert len(alice.get("/orders").json()["items"]) == 1


def test_own_orders_are_read_as_soon_as_they_are_answered(alice: Api) -> None:
    market = _markets(1)[0]

    def trade_and_read(number: int) -> tuple[int, int, int]:
        try:
            body = {"market_id": market, "outcome": "yes", "side": "buy", "price": f"0.{100 + number}", "quantity": "1"}
            seq = int(alice.post("/orders", body).headers["X-Market-Seq"])
            seen = [int(alice.get(f"/markets/{market}{rest}").headers["X-Market-Seq"]) for rest in ("", "/book")]
            return seq, seen[0], seen[1]
        finally:
            connection.close()

    with ThreadPoolExecutor(THREADS) as pool:
        for seq, market_seq, book_seq in pool.map(trade_and_read, range(40)):
            assert market_seq >= seq
            assert book_seq >= seq
    book = alice.get(f"/markets/{market}/book?depth=100").json()["books"][0]
    assert sum(Decimal(quantity) for _, quantity in book["bids"]) == 40
