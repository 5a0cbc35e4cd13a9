import pytest

from markets.models import MarketEvent
from tests.factories.markets import make_resolved_market

pytestmark = pytest.mark.django_db


def test_every_change_is_one_journal_record_without_gaps() -> None:
    market = make_resolved_market((3_000, 7_000))
    assert market.status == "resolved"
    assert market.payouts == [3_000, 7_000]
    assert list(MarketEvent.objects.filter(market=market).values_list("seq", "kind")) == [
        (1, "created"),
        (2, "opened"),
        (3, "closed"),
        (4, "proposed"),
        (5, "resolved"),
    ]
    assert market.head.seq == 5
