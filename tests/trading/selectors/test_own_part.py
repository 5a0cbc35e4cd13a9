from datetime import timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from tests.factories.rows import NOW, row_market, row_order, row_user
from trading.models import MarketBook, Position, Provision
from trading.selectors.liquidity import liquidity_view
from trading.selectors.orders import orders
from trading.selectors.own_part import OwnPart, own_part
from trading.selectors.positions import positions

pytestmark = pytest.mark.django_db


def test_it_says_in_one_statement_what_three_would_say(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    market, alice = row_market(prices=[600_000, 400_000], liquidity_lots=10_000), row_user("alice")
    moments = [NOW + timedelta(microseconds=us) for us in (0, 1, 120_000, 999_999)]
    for outcome in (0, 1):
        Position.objects.create(
            market=market, user=alice, outcome=outcome, quantity=2**53 + 1, cost=-5, updated_at=moments[outcome]
        )
    for moment in moments:
        row_order(market, alice, created_at=moment, updated_at=moment, time_in_force="gtd", valid_until=moment)
    row_order(market, alice, status="waiting", type="stop", trigger_price=6_000, price=None)
    row_order(market, alice, status="filled", filled=100_000)
    row_order(market, row_user("bob"))
    MarketBook.objects.update(added_liquidity=7)
    Provision.objects.create(market=market, user=alice, quantity=7, cost=9, updated_at=NOW)
    with django_assert_num_queries(1):
        found = own_part(alice.pk, market.pk, orders_max=4)
    assert found.positions == tuple(positions(alice.pk, market_id=market.pk))
    assert found.orders == orders(alice.pk, market_id=market.pk, status="open", limit=4).items
    assert len(found.orders) == 4
    assert found.liquidity == liquidity_view(market.pk, alice.pk)
    assert found.liquidity is not None
    assert found.liquidity.own == 7


def test_who_has_nothing_there() -> None:
    market, alice = row_market(), row_user("alice")
    assert own_part(alice.pk, market.pk, orders_max=50) == OwnPart((), (), liquidity_view(market.pk, alice.pk))
    assert own_part(alice.pk, market.pk + 1, orders_max=50) == OwnPart((), (), None)
