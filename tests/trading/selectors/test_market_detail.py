import pytest
from pytest_django import DjangoAssertNumQueries

from tests.factories.rows import row_market
from trading.selectors.market_detail import market_detail, market_id_of

pytestmark = pytest.mark.django_db


def test_by_id_and_by_slug_in_one_query(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    market = row_market("Rain?", slug="rain", liquidity_lots=10_000_000, maker_quantities=[5, 0], payouts=[10_000, 0])
    for key in (market.id, str(market.id), "rain"):
        with django_assert_num_queries(1):
            detail = market_detail(key)
        assert detail is not None
        assert (detail.question, detail.rules, detail.liquidity) == (
            "Rain?",
            "The weather service decides.",
            10_000_000,
        )
        assert (detail.maker_quantities, detail.payouts, detail.proposed_payouts) == ((5, 0), (10_000, 0), None)
        assert (detail.creator, detail.tick, detail.lot, detail.settled_at) == (market.creator.username, 1, 1, None)
    assert market_id_of("rain") == market_id_of(market.id) == market.id


@pytest.mark.parametrize("key", ["", "no-such", 0, -1, 2**63, "9" * 40, "٣"])
def test_unknown(key: int | str) -> None:
    assert market_detail(key) is None
