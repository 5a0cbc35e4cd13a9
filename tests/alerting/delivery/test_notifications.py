"""What traders are told: of what, once, and how they want it."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.utils import translation

from alerting.engine.notices_of_traders import mentioned, moved_outcome
from alerting.models import Delivery, Notification, Watch
from alerting.selectors.notifications import notifications
from alerting.selectors.preferences import Wish
from alerting.services.provide_channels import provide_channels
from alerting.services.set_preferences import set_preferences, stop_letters
from alerting.services.tell_traders import tell_traders
from alerting.services.watch_market import unwatch_market, watch_market
from analytics.skill.services.follow_trader import follow_trader, unfollow_trader
from markets.models import Market
from markets.services.cast_vote import cast_vote
from markets.services.close_market import close_market
from markets.types import ResolutionPolicy
from tests.factories.accounts import make_carol, make_user
from tests.factories.trading import LIQUIDITY, funded_alice, funded_bob, live_market, place, resolve
from trading.services.comment_on_market import comment_on_market
from trading.services.settle_market import settle_market

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def market() -> Market:
    provide_channels()
    found = live_market(challenge_window_s=0, liquidity_lots=0)
    assert tell_traders() == 0
    return found


def _told(user: Any) -> list[tuple[str, str, str]]:
    rows = Notification.objects.filter(user=user).order_by("id")
    return list(rows.values_list("kind", "title", "text"))


def test_a_resting_order_that_is_filled_is_told_once_and_changes(market: Market) -> None:
    alice, bob = funded_alice(), funded_bob()
    place(alice, market, price=0.4, shares=100)
    assert tell_traders() == 1
    assert _told(alice) == []
    place(bob, market, outcome=1, price=0.6, shares=30)
    tell_traders()
    assert tell_traders() == 0
    assert _told(alice) == [
        ("fill", market.question, "Your order to buy Yes was filled: 30 of 100 shares. The rest is waiting.")
    ]
    assert _told(bob) == []
    place(bob, market, outcome=1, price=0.6, shares=70)
    tell_traders()
    assert [text for _, _, text in _told(alice)] == ["Your order to buy Yes was filled: all of it."]
    assert Delivery.objects.count() == 0


def test_the_end_of_a_market_is_told_with_a_letter(market: Market) -> None:
    alice, bob, carol = funded_alice(), funded_bob(), make_carol()
    place(alice, market, price=0.4, shares=10)
    place(bob, market, outcome=1, price=0.6, shares=10)
    resolve(market, (10_000, 0))
    settle_market(market_id=market.pk)
    tell_traders()
    words = "Resolved: Yes. Everything you were due has been paid."
    assert ("resolution", market.question, words) in _told(alice)
    assert ("resolution", market.question, words) in _told(bob)
    assert _told(carol) == []
    letters = list(Delivery.objects.order_by("recipient").values_list("recipient", "source", "channel__name"))
    assert letters == [
        ("alice@example.org", "notification", "email"),
        ("bob@example.org", "notification", "email"),
    ]
    assert Delivery.objects.all()[0].content["unsubscribe_url"]


def _committee_market(people: list[Any]) -> Market:
    handles = tuple(user.username for user in people)
    return live_market(resolution_policy=ResolutionPolicy.COMMITTEE, committee=handles, vote_window_s=7_200)


def test_a_committee_is_told_once_that_its_vote_has_begun_each_as_they_want(market: Market) -> None:
    ann, ben, cem = people = [make_user(name) for name in ("ann", "ben", "cem")]
    set_preferences(user_id=ben.pk, wishes={"vote": Wish(in_app=False, email=True)})
    voted_on = _committee_market(people)
    with time_machine.travel(datetime(2031, 5, 2, 15, tzinfo=UTC), tick=False):
        close_market(market_id=voted_on.pk, actor_id=None)
        cast_vote(market_id=voted_on.pk, actor_id=cem.pk, payouts=(10_000, 0), reason="I was there.")
        tell_traders()
        assert tell_traders() == 0
    words = (
        "Trading has ended, and you are on the committee that decides the result. Please vote by 2 May 2031, 17:00 UTC."
    )
    rows = Notification.objects.values_list("user", "kind", "key", "title", "text", "url")
    assert list(rows) == [
        (ann.pk, "vote", f"vote:{voted_on.pk}", voted_on.question, words, f"/markets/{voted_on.slug}#committee")
    ]
    letters = Delivery.objects.order_by("user_id").values_list("user_id", "content__title", "content__text")
    assert list(letters) == [(ann.pk, voted_on.question, words), (ben.pk, voted_on.question, words)]
    assert "Bitte stimme bis" in _in_german(ann)


def test_a_committee_whose_vote_is_over_is_not_asked_any_more(market: Market) -> None:
    voted_on = _committee_market([make_user(name) for name in ("ann", "ben", "cem")])
    close_market(market_id=voted_on.pk, actor_id=None)
    with time_machine.travel(datetime.now(UTC) + timedelta(hours=2, seconds=1)):
        assert tell_traders() == 1
    assert not Notification.objects.exists()
    assert not Delivery.objects.exists()


def _in_german(user: Any) -> str:
    with translation.override("de"):
        return notifications(user.pk).items[0].text


def test_who_is_named_or_answered_in_a_comment_is_told(market: Market) -> None:
    alice, bob, carol = funded_alice(), funded_bob(), make_carol()
    root = comment_on_market(market_id=market.pk, author_id=alice.pk, text="What do you think, @bob? Not @nobody.")
    comment_on_market(market_id=market.pk, author_id=carol.pk, text="I agree.", parent_id=root)
    comment_on_market(market_id=market.pk, author_id=alice.pk, text="Thanks to me, @alice.")
    assert tell_traders() >= 3
    assert _told(bob) == [
        ("mention", f"alice wrote to you: {market.question}", "What do you think, @bob? Not @nobody.")
    ]
    assert _told(alice) == [("mention", f"carol wrote to you: {market.question}", "I agree.")]
    assert tell_traders() == 0


def test_followers_are_told_of_a_comment_once_and_the_mentioned_not_twice(market: Market) -> None:
    alice, bob, carol = funded_alice(), funded_bob(), make_carol()
    for reader in (bob, carol):
        follow_trader(follower_id=reader.pk, trader_id=alice.pk)
    comment_on_market(market_id=market.pk, author_id=alice.pk, text="Ask @bob about it.")
    tell_traders()
    assert tell_traders() == 0
    assert _told(carol) == [("follow", f"alice wrote: {market.question}", "Ask @bob about it.")]
    assert [kind for kind, _, _ in _told(bob)] == ["mention"]
    unfollow_trader(follower_id=carol.pk, trader_id=alice.pk)
    comment_on_market(market_id=market.pk, author_id=alice.pk, text="And again.")
    tell_traders()
    assert len(_told(carol)) == 1


def test_a_watched_market_that_moves_is_told_at_most_once_an_hour() -> None:
    provide_channels()
    market = live_market(liquidity_lots=LIQUIDITY)
    tell_traders()
    alice, bob, carol = funded_alice(), funded_bob(), make_carol()
    watch_market(user_id=carol.pk, market_id=market.pk)
    prices = dict(Watch.objects.get().prices)
    place(alice, market, price=0.9, shares=300)
    tell_traders()
    now = Watch.objects.get().prices
    assert abs(now["0"] - prices["0"]) >= 50_000
    told = _told(carol)
    assert [kind for kind, _, _ in told] == ["price_move"]
    place(bob, market, outcome=1, price=0.9, shares=300)
    tell_traders()
    assert len(_told(carol)) == 1
    with time_machine.travel(datetime.now(UTC) + timedelta(hours=1, seconds=1)):
        place(alice, market, price=0.99, shares=1)
        tell_traders()
        assert len(_told(carol)) == 2
    unwatch_market(user_id=carol.pk, market_id=market.pk)
    assert not Watch.objects.exists()


def test_a_wish_decides_about_list_and_letter(market: Market) -> None:
    alice, bob = funded_alice(), funded_bob()
    set_preferences(user_id=bob.pk, wishes={"mention": Wish(in_app=False, email=True)})
    comment_on_market(market_id=market.pk, author_id=alice.pk, text="@bob one")
    tell_traders()
    assert _told(bob) == []
    assert list(Delivery.objects.values_list("recipient", flat=True)) == ["bob@example.org"]
    stop_letters(user_id=bob.pk, kind="mention")
    comment_on_market(market_id=market.pk, author_id=alice.pk, text="@bob two")
    tell_traders()
    assert Delivery.objects.count() == 1
    assert _told(bob) == []


def test_what_happened_before_the_first_look_is_not_told() -> None:
    found, alice, bob = live_market(), funded_alice(), funded_bob()
    place(alice, found, price=0.4, shares=10)
    place(bob, found, outcome=1, price=0.6, shares=10)
    comment_on_market(market_id=found.pk, author_id=alice.pk, text="@bob early")
    assert tell_traders() == 0
    assert tell_traders() == 0
    assert not Notification.objects.exists()


@pytest.mark.parametrize(
    ("text", "handles"),
    [
        ("@bob", ("bob",)),
        ("Ask @bob.", ("bob",)),
        ("(@bob, @alice-1)", ("bob", "alice-1")),
        ("mail bob@example.org", ()),
        ("@@bob @", ()),
        ("@bob and @bob", ("bob",)),
        (" ".join(f"@u{number}" for number in range(20)), tuple(f"u{number}" for number in range(10))),
    ],
)
def test_mentions(text: str, handles: tuple[str, ...]) -> None:
    assert mentioned(text) == handles


@pytest.mark.parametrize(
    ("prices", "index"), [((540_000, 460_000), None), ((550_000, 460_000), 0), ((440_000, 560_000), 0)]
)
def test_moves(prices: tuple[int, ...], index: int | None) -> None:
    assert moved_outcome({"0": 500_000, "1": 500_000}, prices) == index
