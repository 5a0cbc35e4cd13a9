"""The demo in an empty database."""

from collections import Counter

import pytest
from django.contrib.auth import authenticate

from accounts.models import User
from demo.services._cast import BOTS, PEOPLE, password_of
from demo.services._questions import demo_markets
from demo.services.seed_demo import seed_demo
from markets.models import Market
from tests.factories.accounts import make_alice
from trading.models import Account, Candle, LedgerEntry, Order, Position, Trade


def test_there_are_enough_questions_in_five_topics() -> None:
    markets = demo_markets()

    assert len(markets) >= 20
    assert len(Counter(market.topic for market in markets)) == 5
    assert len({market.slug for market in markets}) == len(markets)
    assert all(market.closes_at.year >= 2027 for market in markets)
    assert all(sum(market.chances) == pytest.approx(1) for market in markets)
    sizes = sorted(len(market.outcomes) for market in markets if market.outcomes)
    assert sizes == [3, 3, 4, 5, 6]


@pytest.mark.slow
@pytest.mark.django_db
def test_an_empty_database_gets_a_demo_once() -> None:
    report = seed_demo()

    assert report.markets == len(demo_markets()) == Market.objects.filter(status="open").count()
    assert report.trades > 20 * report.markets
    assert Candle.objects.filter(interval="1h").values("market").distinct().count() == report.markets
    assert User.objects.filter(is_simulated=True).count() == len(BOTS)
    assert Position.objects.filter(user__username="alice", quantity__gt=0).count() == 3
    assert Order.objects.filter(user__username="alice", status="open").count() == 1

    for wallet in Account.objects.filter(kind="wallet"):
        lines = (
            LedgerEntry.objects.filter(account=wallet)
            .order_by("id")
            .values_list("transfer__kind", "transfer__created_at")
        )
        assert lines[0][0] == "grant", "nobody trades before they have credits"
        assert [at for _, at in lines] == sorted(at for _, at in lines)

    before = (Market.objects.count(), Trade.objects.count(), User.objects.count())
    again = seed_demo()
    assert (again.markets, again.trades, again.is_left_out) == (0, 0, False)
    assert (Market.objects.count(), Trade.objects.count(), User.objects.count()) == before

    for person in PEOPLE:
        user = authenticate(username=person.handle, password=password_of(person.handle))
        assert user is not None
        assert user.is_staff == (person.handle in ("carol", "dave"))


@pytest.mark.django_db
def test_a_database_in_use_is_left_alone() -> None:
    make_alice()

    report = seed_demo()

    assert report.is_left_out
    assert User.objects.count() == 1
    assert not Market.objects.exists()


def test_passwords_depend_on_the_secret_key(settings: pytest.FixtureRequest) -> None:
    before = password_of("alice")
    settings.SECRET_KEY = "another-secret"

    assert password_of("alice") != before
