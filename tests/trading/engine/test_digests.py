"""Digests of requests are kept for ever, so those of orders that could always be placed must stay."""

from dataclasses import replace
from datetime import UTC, datetime

from trading.engine.digests import spec_digest
from trading.types import OrderSpec, OrderType, SelfTradePolicy, Side, TimeInForce

PLAIN = OrderSpec(7, 1, Side.BUY, OrderType.LIMIT, TimeInForce.GTC, 6_200, 100_000)
FULL = OrderSpec(
    7, 0, Side.SELL, OrderType.LIMIT, TimeInForce.GTD, 6_200, 100_000, None, True, SelfTradePolicy.CANCEL_OLDEST,
    datetime(2026, 11, 22, 9, 30, tzinfo=UTC),
)  # fmt: skip


def test_the_digest_of_an_old_order_is_what_it_was() -> None:
    assert spec_digest(PLAIN).hex() == "0666a79f7345215ea4b454ff937b2500d9427ec05e72d3f662eeeed6c7778635"
    assert spec_digest(FULL).hex() == "618c4ff19a0929d9c316b038f51ceab3fd5346b60701cf1a7124618513a078e2"


def test_every_later_field_tells_orders_apart() -> None:
    asked = [PLAIN, replace(PLAIN, reduce_only=True), replace(PLAIN, proceeds_min=5), replace(PLAIN, price=6_201)]
    assert len({spec_digest(spec) for spec in asked}) == len(asked)
