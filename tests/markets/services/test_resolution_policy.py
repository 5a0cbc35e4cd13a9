"""Who may propose a result follows from the market's policy."""

import pytest
from django.db import IntegrityError, transaction

from accounts.types import Role
from markets.engine.lifecycle import actions_from
from markets.errors import ActionNotAllowed
from markets.models import Market, MarketEvent
from markets.selectors.possible_actions import possible_actions
from markets.services.edit_draft import edit_draft
from markets.services.propose_resolution import propose_resolution
from markets.types import Action, MarketStatus, Party, ResolutionPolicy
from tests.factories.accounts import make_dave, make_user
from tests.factories.markets import make_closed_market, make_draft, make_spec

pytestmark = pytest.mark.django_db
WHY = "The weather service says so."
STAFF = ResolutionPolicy.STAFF


def _closed(policy: ResolutionPolicy) -> Market:
    market = make_closed_market(creator=make_user("mia", roles=(Role.MARKET_MAKER,)))
    Market.objects.filter(pk=market.pk).update(resolution_policy=policy.value)
    return market


def test_a_market_for_its_creator_is_what_one_gets_without_a_word() -> None:
    draft = make_draft()
    assert draft.resolution_policy == "creator"
    assert MarketEvent.objects.get(market=draft).data.keys() == {"question", "kind", "outcomes"}


def test_the_policy_is_laid_down_with_the_draft_and_told_in_the_journal() -> None:
    draft = make_draft(resolution_policy=STAFF)
    draft.refresh_from_db()
    assert draft.resolution_policy == "staff"
    assert MarketEvent.objects.get(market=draft).data["resolution_policy"] == "staff"
    edit_draft(market_id=draft.pk, actor_id=make_dave().pk, spec=make_spec())
    draft.refresh_from_db()
    assert draft.resolution_policy == "creator"


def test_the_creator_of_a_market_for_staff_proposes_nothing() -> None:
    market = _closed(STAFF)
    with pytest.raises(ActionNotAllowed) as refused:
        propose_resolution(market_id=market.pk, actor_id=market.creator_id, payouts=[10_000, 0], reason=WHY)
    assert refused.value.detail == "Only operator or system may propose a market that is closed."
    market.refresh_from_db()
    assert (market.status, market.proposed_payouts) == ("closed", None)
    propose_resolution(market_id=market.pk, actor_id=make_dave().pk, payouts=[10_000, 0], reason=WHY)
    market.refresh_from_db()
    assert market.status == "proposed"


def test_pages_offer_what_the_policy_allows() -> None:
    assert possible_actions("closed", "creator", is_creator=True, is_operator=False) == (Action.PROPOSE,)
    assert possible_actions("closed", "staff", is_creator=True, is_operator=False) == ()
    assert possible_actions("closed", "staff", is_creator=False, is_operator=True) == (Action.PROPOSE, Action.VOID)
    assert Action.DISPUTE in actions_from(MarketStatus.PROPOSED, {Party.CREATOR}, STAFF)


def test_postgresql_knows_the_policies() -> None:
    market = make_closed_market()
    with pytest.raises(IntegrityError), transaction.atomic():
        Market.objects.filter(pk=market.pk).update(resolution_policy="oracle")
