"""Simulated days of a market place, at moments of our choosing, through the product's own write path."""

import random
from datetime import UTC, datetime, timedelta
from typing import Any

from accounts.models import User
from common import clock
from common.money import CASH_SCALE
from markets.models import Market
from markets.services.close_market import close_market
from markets.services.confirm_resolution import confirm_resolution
from markets.services.propose_resolution import propose_resolution
from markets.services.void_market import void_market
from tests.factories.accounts import make_user
from tests.factories.trading import LIQUIDITY, fund, live_categorical_market, live_market, order, run, spec
from trading.services.grant import grant
from trading.services.settle_market import settle_market
from trading.types import MintSets

#: A Monday.
FIRST = datetime(2026, 6, 1, 9, 0, tzinfo=UTC)


class Days:
    """People and markets of one seed; ``live`` lets a day happen. Everybody signed up at ``FIRST``."""

    def __init__(self, seed: int, *, traders: int = 5) -> None:
        self.random = random.Random(seed)
        self.markets: list[Market] = []
        with clock.replaying(FIRST - timedelta(hours=1)):
            self.users = [self._join(number) for number in range(traders)]

    def _join(self, number: int) -> User:
        user = fund(make_user(f"day{number}"), 500)
        User.objects.filter(pk=user.pk).update(date_joined=FIRST - timedelta(hours=1))
        return user

    def live(self, day: int, *, commands: int = 12) -> None:
        """Everything of a day: perhaps a new market, orders, a grant, an end."""
        with clock.replaying(FIRST + timedelta(days=day)):
            if not self.markets or self.random.random() < 0.3:
                self._open()
        for number in range(commands):
            at = FIRST + timedelta(days=day, minutes=7 * number + self.random.randrange(5))
            with clock.replaying(at):
                self._act(self.random.choice(self.markets))
        with clock.replaying(FIRST + timedelta(days=day, hours=12)):
            if self.random.random() < 0.2:
                grant(user_id=self.random.choice(self.users).pk, amount=7 * CASH_SCALE + 1, memo="Well done")
            if len(self.markets) > 1 and self.random.random() < 0.4:
                self._end(self.markets.pop(0))

    def _open(self) -> None:
        make = self.random.choice([live_market, live_market, live_categorical_market])
        fields: dict[str, Any] = {
            "closes_at": clock.now() + timedelta(days=90),
            "liquidity_lots": self.random.choice([0, LIQUIDITY]),
            "taker_fee_bps": self.random.choice([0, 137, 700]),
            "maker_fee_bps": 0,
            "challenge_window_s": 0,
            "topic": self.random.choice(["science", "sports"]),
        }
        if fields["taker_fee_bps"]:
            fields["maker_fee_bps"] = 31
        self.markets.append(make(**fields))

    def _act(self, market: Market) -> None:
        user, outcomes = self.random.choice(self.users), market.outcomes.count()
        if self.random.random() < 0.1:
            run(market, MintSets(user.pk, self.random.randrange(1, 100_000)))
            return
        asked = spec(
            market,
            self.random.choice(["buy", "buy", "sell"]),
            self.random.randrange(outcomes),
            price=self.random.randrange(5, 95) / 100 / (outcomes - 1),
            shares=self.random.randrange(1, 200_000) / 10_000,
        )
        run(market, order(user, asked))

    def _end(self, market: Market) -> None:
        close_market(market_id=market.pk, actor_id=None)
        if self.random.random() < 0.3:
            void_market(market_id=market.pk, actor_id=None, reason="The question was unclear.")
        else:
            payouts = [0] * market.outcomes.count()
            payouts[self.random.randrange(len(payouts))] = 10_000
            propose_resolution(market_id=market.pk, actor_id=None, payouts=tuple(payouts), reason="It is so.")
            confirm_resolution(market_id=market.pk, actor_id=None)
        settle_market(market_id=market.pk)
