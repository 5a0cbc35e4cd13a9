"""A settlement that was undone leaves the figures as if it had never been, and the later one counts."""

from datetime import timedelta

import pytest

from accounts.types import Role
from analytics.business.models import MarketFacts, ScoredOutcome
from analytics.business.services.fold_activity import fold_activity
from analytics.business.services.rebuild_rollups import rebuild_rollups
from analytics.business.services.reconcile_ledger import reconcile_ledger
from analytics.business.services.refresh_days import refresh_days
from common import clock
from markets.models import Market
from markets.services.confirm_resolution import confirm_resolution
from markets.services.propose_resolution import propose_resolution
from markets.services.request_override import request_override
from markets.types import OverrideKind
from tests.factories.accounts import make_user
from tests.factories.trading import LIQUIDITY, funded_alice, live_market, place, resolve
from trading.services.approve_override import approve_override
from trading.services.settle_market import settle_market

pytestmark = pytest.mark.django_db
WHY = "The source has corrected its figure."


def undo(market: Market) -> None:
    asking, approving = (make_user(handle, roles=(Role.OPERATOR,)) for handle in ("dave", "erin"))
    asked = request_override(market_id=market.pk, actor_id=asking.pk, kind=OverrideKind.UNDO, reason=WHY)
    approve_override(override_id=asked.pk, actor_id=approving.pk)


def fold() -> MarketFacts:
    fold_activity()
    refresh_days()
    assert reconcile_ledger().difference == 0
    return MarketFacts.objects.get()


def ended(facts: MarketFacts) -> tuple[bool, int, int]:
    return facts.settled_on is not None, facts.maker_result, facts.scored


@pytest.mark.parametrize("is_folded_between", [True, False])
def test_the_figures_follow(is_folded_between: bool) -> None:
    opened = clock.now() - timedelta(days=3)
    with clock.replaying(opened):
        alice, market = funded_alice(), live_market(challenge_window_s=0, liquidity_lots=LIQUIDITY)
        place(alice, market, price=None, shares=50)
    resolve(market, (10_000, 0))
    settle_market(market_id=market.pk)
    if is_folded_between:
        is_settled, maker_result, scored = ended(fold())
        assert (is_settled, scored) == (True, ScoredOutcome.objects.count())
        assert maker_result < 0
    undo(market)
    if is_folded_between:
        assert ended(fold()) == (False, 0, 0)
        assert not ScoredOutcome.objects.exists()
    propose_resolution(market_id=market.pk, actor_id=None, payouts=(0, 10_000), reason=WHY)
    confirm_resolution(market_id=market.pk, actor_id=None)
    settle_market(market_id=market.pk)
    is_settled, maker_result, scored = ended(fold())
    assert (is_settled, scored) == (True, ScoredOutcome.objects.count())
    assert maker_result > 0
    assert rebuild_rollups(is_check=True).changed == ()
