"""The demo in an empty database."""

from collections import Counter
from collections.abc import Iterable
from io import StringIO

import pytest
from django.contrib.auth import authenticate
from django.core.management import call_command

from accounts.models import User
from accounts.selectors.handles import user_ids
from analytics.skill.models import SiteBin, Standing
from analytics.skill.selectors.profiles import track_record
from common import clock
from demo.services._cast import BOTS, PEOPLE, password_of
from demo.services._past import Progress, Step, play
from demo.services._portfolio import PAST_ORDERS
from demo.services._questions import demo_markets, ended_markets
from demo.services.seed_demo import seed_demo
from markets.models import Market, Outcome, Series, SeriesEvent
from tests.factories.accounts import make_alice
from trading.models import Account, Candle, LedgerEntry, MarketBook, Order, Position, Trade


def test_there_are_enough_questions_in_five_topics() -> None:
    markets = demo_markets()

    assert len(markets) >= 20
    assert len(Counter(market.topic for market in markets)) == 5
    assert len({market.slug for market in markets}) == len(markets)
    assert all(market.closes_at.year >= 2027 for market in markets)
    assert all(sum(market.chances) == pytest.approx(1) for market in markets)
    sizes = sorted(len(market.outcomes) for market in markets if market.outcomes)
    assert sizes == [3, 3, 4, 5, 6]
    kinds = Counter(market.kind for market in markets)
    assert kinds == {"binary": 21, "categorical": 5, "numeric": 1, "date": 1}


@pytest.mark.django_db
def test_scales_are_traded_into_a_shape(monkeypatch: pytest.MonkeyPatch) -> None:
    scaled = tuple(market for market in demo_markets() if market.scale is not None)
    monkeypatch.setattr("demo.services.seed_demo.demo_markets", lambda: scaled)
    monkeypatch.setattr("demo.services.seed_demo.ended_markets", lambda now: ())

    report = seed_demo()

    assert (report.markets, report.trades > 60) == (2, True)
    for question in scaled:
        market = Market.objects.get(slug=question.slug)
        prices = MarketBook.objects.get(market=market).prices
        assert (market.kind, len(prices)) == (question.kind, len(question.chances))
        # It began flat; what is likely costs more than twice of what isn't.
        assert max(prices) > 2 * min(prices)
    names = [list(_names(question.slug)) for question in scaled]
    assert [found[:2] for found in names] == [
        ["2027-02-28 or earlier", "2027-03-01 to 2027-03-31"],
        ["0 to 20 mm", "20 to 40 mm"],
    ]
    assert [found[-1] for found in names] == ["2027-09-01 or later", "160 mm or more"]


def _names(slug: str) -> Iterable[str]:
    return Outcome.objects.filter(market__slug=slug).order_by("index").values_list("name", flat=True)


@pytest.mark.slow
@pytest.mark.django_db
def test_an_empty_database_gets_a_demo_once(monkeypatch: pytest.MonkeyPatch) -> None:
    # Of the open markets those with orders of people, and one with few outcomes: the others are made the same way.
    chosen = [market for market in demo_markets() if market.slug in {order.slug for order in PAST_ORDERS}]
    monkeypatch.setattr("demo.services.seed_demo.demo_markets", lambda: chosen)

    report = seed_demo()

    assert report.markets == len(chosen) == Market.objects.filter(status="open").count()
    assert report.ended == 24 == Market.objects.filter(status__in=("resolved", "void")).count()
    assert report.trades > 20 * report.markets
    assert Candle.objects.filter(interval="1h").values("market").distinct().count() == report.markets + report.ended
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

    series = Series.objects.get(slug="figures-of-the-economy")
    assert SeriesEvent.objects.filter(series=series, at__lte=clock.now()).count() == 4
    assert_people_have_records()
    call_command("check_invariants", stdout=StringIO())

    before = (Market.objects.count(), Trade.objects.count(), User.objects.count())
    again = seed_demo()
    assert (again.markets, again.trades, again.is_left_out) == (0, 0, False)
    assert (Market.objects.count(), Trade.objects.count(), User.objects.count()) == before

    for person in PEOPLE:
        user = authenticate(username=person.handle, password=password_of(person.handle))
        assert user is not None
        assert user.is_staff == (person.handle in ("carol", "dave"))


def assert_people_have_records() -> None:
    voided = Market.objects.filter(status="void")
    assert set(voided.values_list("slug", flat=True)) == {"fenwick-tram-strike", "sable-regatta-held"}
    disputed = Market.objects.get(slug="quill-million-users")
    assert (disputed.payouts, bool(disputed.dispute_reason)) == ([0, 10_000], True)
    for handle in ("alice", "bob", "carol", "sim-ada"):
        record = track_record(user_ids([handle])[handle], handle)
        assert record.total is not None
        assert record.total.scored >= 10
    alice = track_record(user_ids(["alice"])["alice"], "alice")
    assert {badge.key for badge in alice.badges} >= {"sharp", "broad"}
    seasons = {row.season for row in Standing.objects.exclude(season="all")}
    assert len(seasons) >= 2
    assert set(SiteBin.objects.values_list("hours", flat=True)) == {1, 24, 168, 720}


@pytest.mark.django_db
def test_a_demo_that_was_broken_off_ends_what_ought_to_be_over(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("demo.services.seed_demo.demo_markets", lambda: ())
    monkeypatch.setattr("demo.services.seed_demo.ended_markets", lambda now: ended_markets(now)[:2])

    def stop_early(steps: Iterable[Step], *, progress: Progress) -> None:
        play(sorted(steps, key=lambda step: step.at)[:40], progress=progress)
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("demo.services.seed_demo.play", stop_early)
        with pytest.raises(KeyboardInterrupt):
            seed_demo()
    assert not Market.objects.filter(status__in=("resolved", "void")).exists()

    seed_demo()

    assert Market.objects.filter(status="resolved").count() == Market.objects.count() == 2
    assert not Position.objects.filter(quantity__gt=0).exists()


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
