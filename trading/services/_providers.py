"""Those who added liquidity to a market's maker rule, when the market is over.

Contract   Inside a transaction that holds the market's head. Afterwards nobody provides anything.
"""

from collections.abc import Mapping
from datetime import datetime

from django.db import connection
from django.db.models import F

from markets.selectors.trading_terms import trading_rules
from trading.engine.liquidity import claims
from trading.models import MarketBook, Provision


class Providers:
    """``lots`` of b and ``costs`` (paid less received) by user id, of everybody who ever provided."""

    def __init__(self, market_id: int) -> None:
        rows = Provision.objects.filter(market_id=market_id).order_by("user_id")
        found = list(rows.values_list("user_id", "quantity", "cost"))
        self.market_id = market_id
        self.lots = {user_id: lots for user_id, lots, _ in found if lots}
        self.costs = {user_id: cost for user_id, _, cost in found}

    def claims(self, pool: int) -> dict[int, int]:
        """What each gets of the cash that the maker rule has left."""
        if not self.lots:
            return {}
        with connection.cursor() as cursor:
            own = trading_rules(cursor, self.market_id).liquidity
        return claims(pool, list(self.lots.items()), own + sum(self.lots.values()))

    def refunds(self, due: Mapping[int, int]) -> dict[int, int]:
        """The part of each trader's refund that is for liquidity; the rest is for shares."""
        return {user_id: min(max(cost, 0), due.get(user_id, 0)) for user_id, cost in self.costs.items()}

    def leave(self, received: Mapping[int, int], at: datetime) -> None:
        """Take everybody's part away; what they lost or won with it stays as their cost."""
        if self.costs:
            everybody = Provision.objects.filter(market_id=self.market_id)
            everybody.update(settled_quantity=F("quantity"), settled_cost=F("cost"))
        for user_id, amount in received.items():
            if amount:
                own = Provision.objects.filter(market_id=self.market_id, user_id=user_id)
                own.update(cost=F("cost") - amount)
        if self.lots:
            Provision.objects.filter(market_id=self.market_id, quantity__gt=0).update(quantity=0, updated_at=at)
            MarketBook.objects.filter(pk=self.market_id).update(added_liquidity=0)
