"""Nobody but an operator shortens the time in which others can object."""

from datetime import timedelta

import pytest

from accounts.models import User
from accounts.types import Role
from markets.errors import MarketInvalid
from markets.models import Market, MarketEvent
from markets.services.create_market import create_market
from markets.services.edit_draft import edit_draft
from markets.services.propose_resolution import propose_resolution
from tests.factories.accounts import make_dave, make_user
from tests.factories.markets import make_closed_market, make_draft, make_spec, make_topic

pytestmark = pytest.mark.django_db


@pytest.fixture
def maker() -> User:
    return make_user("mia", roles=(Role.TRADER, Role.MARKET_MAKER))


@pytest.mark.parametrize("window_s", [0, 3_599])
def test_a_market_maker_leaves_at_least_an_hour(maker: User, window_s: int) -> None:
    make_topic()
    with pytest.raises(MarketInvalid) as caught:
        create_market(creator_id=maker.pk, spec=make_spec(challenge_window_s=window_s))
    (error,) = caught.value.errors
    assert (error.pointer, error.detail) == (
        "/challenge_window_s",
        "The challenge_window_s must be 3600 seconds to 90 days.",
    )
    assert Market.objects.count() == 0


def test_an_hour_is_enough(maker: User) -> None:
    assert make_draft(creator=maker, challenge_window_s=3_600).challenge_window_s == 3_600


def test_an_operator_and_an_import_may_have_none(maker: User) -> None:
    assert make_draft(challenge_window_s=0).challenge_window_s == 0
    assert make_draft(creator=maker, challenge_window_s=0, source="elsewhere").challenge_window_s == 0


def test_an_edit_shortens_it_no_more_than_that(maker: User) -> None:
    draft = make_draft(creator=maker, challenge_window_s=7_200)
    with pytest.raises(MarketInvalid):
        edit_draft(market_id=draft.pk, actor_id=maker.pk, spec=make_spec(challenge_window_s=60))
    draft.refresh_from_db()
    assert (draft.challenge_window_s, MarketEvent.objects.filter(market=draft).count()) == (7_200, 1)
    edit_draft(market_id=draft.pk, actor_id=make_dave().pk, spec=make_spec(challenge_window_s=60))
    edit_draft(market_id=draft.pk, actor_id=maker.pk, spec=make_spec(challenge_window_s=60))
    draft.refresh_from_db()
    assert draft.challenge_window_s == 60


def test_the_creators_own_proposal_waits_an_hour(maker: User) -> None:
    """The window may have been shortened by an operator, or be older than the rule."""
    market = make_closed_market(creator=maker)
    Market.objects.filter(pk=market.pk).update(challenge_window_s=0)
    propose_resolution(market_id=market.pk, actor_id=maker.pk, payouts=[10_000, 0], reason="It rained.")
    market.refresh_from_db()
    assert market.proposed_at is not None
    assert market.challenge_ends_at == market.proposed_at + timedelta(hours=1)


def test_an_operators_proposal_has_the_markets_window() -> None:
    market = make_closed_market(challenge_window_s=0)
    propose_resolution(market_id=market.pk, actor_id=market.creator_id, payouts=[10_000, 0], reason="It rained.")
    market.refresh_from_db()
    assert market.challenge_ends_at == market.proposed_at
