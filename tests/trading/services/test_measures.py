"""Differences only: whatever else this process did has counted as well."""

import pytest
from django.db import OperationalError

from common.metrics.registry import registry
from tests.factories.trading import (
    document,
    funded_alice,
    funded_bob,
    live_market,
    order,
    spec,
)
from trading.errors import TradingBusy
from trading.services import submit as door
from trading.services.submit import submit
from trading.types import CancelOrder

pytestmark = pytest.mark.django_db
NAMES = ("trades_total", "trade_volume_credits_total", "cancels_total")


class Counted:
    """What was counted since it was made."""

    def __init__(self) -> None:
        registry.metrics["match_seconds"].of().drain()
        registry.metrics["batch_commands"].of().drain()
        self.before = self.now()

    def now(self) -> dict[str, float]:
        orders = {outcome: registry.metrics["orders_total"].of(outcome).value for outcome in
                  ("accepted", "refused", "repeated")}  # fmt: skip
        return orders | {name: registry.metrics[name].of().value for name in NAMES}

    def growth(self) -> dict[str, float]:
        grown = {name: value - self.before[name] for name, value in self.now().items()}
        return {name: round(value, 8) for name, value in grown.items() if value}


def test_orders_trades_and_their_worth_are_counted() -> None:
    alice, bob, market = funded_alice(), funded_bob(), live_market()
    counted = Counted()
    submit(order(alice, spec(market, price=0.60, shares=10)))
    submit(order(bob, spec(market, outcome=1, price=0.40, shares=4)))
    assert counted.growth() == {"accepted": 2, "trades_total": 1, "trade_volume_credits_total": 2.4}
    assert registry.metrics["match_seconds"].of().drain().count == 2
    assert registry.metrics["batch_commands"].of().drain().mean == 1


def test_a_refused_and_a_repeated_order_count_as_such() -> None:
    alice, market = funded_alice(), live_market()
    counted = Counted()
    submit(order(alice, spec(market, price=0.60, shares=1_000_000)))
    assert counted.growth() == {"refused": 1}
    placed = order(alice, spec(market, price=0.60, shares=1), "again")
    submit(placed)
    submit(placed)
    assert counted.growth() == {"refused": 1, "accepted": 1, "repeated": 1}


def test_a_cancel_is_no_order() -> None:
    alice, market = funded_alice(), live_market()
    placed = document(submit(order(alice, spec(market))))
    counted = Counted()
    submit(CancelOrder(alice.pk, placed["id"]), market_id=market.pk)
    submit(CancelOrder(alice.pk, placed["id"]), market_id=market.pk)
    assert counted.growth() == {"cancels_total": 1}


def test_what_was_not_committed_counts_for_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    alice, market = funded_alice(), live_market()
    counted = Counted()

    def lost(market_id: int, commands: object, **_: object) -> None:
        raise OperationalError("the connection is lost")

    monkeypatch.setattr(door, "execute", lost)
    with pytest.raises(TradingBusy):
        submit(order(alice, spec(market)))
    assert counted.growth() == {}
    assert registry.metrics["match_seconds"].of().drain().count == 0
