"""Thousands of random commands through the write path, then everything is proved and replayed."""

import random
from io import StringIO

import pytest
from django.core.management import call_command

from markets.services.halt_market import halt_market
from markets.services.resume_market import resume_market
from tests.factories.trading import (
    LIQUIDITY,
    funded_traders,
    live_categorical_market,
    live_market,
    order,
    resolve,
    run,
    spec,
)
from trading.models import Order
from trading.services import _market_cache
from trading.services.replay_market import replay_market
from trading.services.settle_market import settle_market
from trading.types import CancelOrder, MergeSets, MintSets, SelfTradePolicy, TimeInForce

pytestmark = pytest.mark.django_db
COMMANDS = 2_000
BATCH_MAX = 60


class Storm:
    """A crowd that does everything that can be done, by one seed."""

    def __init__(self, seed, market, outcomes):
        self.random = random.Random(seed)
        self.market = market
        self.outcomes = outcomes
        self.users = funded_traders(6, credits=300)
        self.past = []

    def command(self):
        draw = self.random.random()
        user = self.random.choice(self.users)
        if draw < 0.12:
            ids = Order.objects.filter(market=self.market, status="open").values_list("user_id", "pk")[:40]
            return CancelOrder(*self.random.choice(ids)) if ids else MintSets(user.pk, 10_000)
        if draw < 0.16:
            return MintSets(user.pk, self.random.randrange(0, 300_000))
        if draw < 0.2:
            return MergeSets(user.pk, self.random.randrange(1, 200_000))
        if draw < 0.25 and self.past:
            return self.random.choice(self.past)
        self.past.append(order(user, self.spec()))
        return self.past[-1]

    def spec(self):
        pick = self.random
        side, outcome = pick.choice(["buy", "buy", "sell"]), pick.randrange(self.outcomes)
        policy = pick.choice(list(SelfTradePolicy))
        if pick.random() < 0.15:
            fields = {"quantity": None, "cost_max": pick.randrange(1, 4 * 10**9)} if side == "buy" else {}
            return spec(self.market, side, outcome, price=None, shares=8, self_trade_policy=policy, **fields)
        return spec(
            self.market,
            side,
            outcome,
            price=pick.randrange(1, 100) / 100,
            shares=pick.randrange(1, 300_000) / 10_000,
            time_in_force=pick.choice([TimeInForce.GTC] * 6 + [TimeInForce.IOC, TimeInForce.FOK]),
            post_only=False,
            self_trade_policy=policy,
        )

    def rage(self):
        """Place everything; now and then the market halts, or the process starts afresh."""
        done = accepted = 0
        while done < COMMANDS:
            batch = [self.command() for _ in range(self.random.randrange(1, BATCH_MAX))]
            accepted += sum(answer.is_accepted for answer in run(self.market, *batch))
            done += len(batch)
            if self.random.random() < 0.1:
                _market_cache.forget_all()
            if self.random.random() < 0.05:
                halt_market(market_id=self.market.pk, actor_id=None, reason="A pause for the test.")
                resume_market(market_id=self.market.pk, actor_id=None)
        assert accepted > COMMANDS / 4


def proved():
    out = StringIO()
    call_command("check_invariants", stdout=out, stderr=out)
    return out.getvalue()


def binary(**fields):
    return live_market(challenge_window_s=0, **fields), 2


def categorical(**fields):
    return live_categorical_market(challenge_window_s=0, **fields), 3


@pytest.mark.slow
@pytest.mark.parametrize(
    ("make", "fields"),
    [
        (binary, {}),
        (binary, {"liquidity_lots": LIQUIDITY, "taker_fee_bps": 700, "maker_fee_bps": 150}),
        (categorical, {"taker_fee_bps": 300}),
        (categorical, {"liquidity_lots": LIQUIDITY // 4, "taker_fee_bps": 700, "maker_fee_bps": 150}),
    ],
)
def test_a_storm_leaves_every_invariant_standing(make, fields):
    market, outcomes = make(**fields)
    Storm(hash((outcomes, len(fields))) % 1_000, market, outcomes).rage()
    assert "13 invariants hold" in proved()
    resolve(market, (10_000,) + (0,) * (outcomes - 1))
    settle_market(market_id=market.pk)
    assert "13 invariants hold" in proved()
    report = replay_market(market_id=market.pk)
    assert (report.is_equal, report.mistakes) == (True, [])
    assert report.digest == report.digest_of_tables
