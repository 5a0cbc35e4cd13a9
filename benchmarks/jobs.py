"""What runs inside Django: `python -m benchmarks.django_run benchmarks.jobs JOB JSON`."""

import json
import random
import statistics
import sys
import time
from datetime import timedelta
from hashlib import sha256
from typing import Any
from uuid import uuid4

from django.core.management import call_command
from django.db import connection

from accounts.models import User
from accounts.services.create_api_key import create_api_key
from accounts.services.create_user import create_user
from accounts.types import Role
from benchmarks.mix import CANCELS, LIQUIDITY_LOTS, TRADERS, terms
from common import clock
from markets.models import Market, Topic
from markets.services.create_market import create_market
from markets.types import MarketSpec
from trading.services.execute_commands import execute
from trading.services.open_account import open_account
from trading.services.open_market import open_market
from trading.types import CancelOrder, Command, OrderSpec, OrderType, PlaceOrder, Side, TimeInForce


def prepare(*, markets: int) -> dict[str, Any]:
    """Tables, traders with keys, and open markets."""
    call_command("migrate", verbosity=0, interactive=False)
    Topic.objects.get_or_create(slug="benchmark", defaults={"name": "Benchmark"})
    staff = User.objects.create(username="staff", is_superuser=True)
    people = [
        create_user(handle=f"trader{number}", email=f"trader{number}@example.org", password=None, roles=(Role.TRADER,))
        for number in range(TRADERS)
    ]
    keys = []
    for user in people:
        open_account(user.pk)
        keys.append(create_api_key(user_id=user.pk, name="benchmark", scopes=["read", "trade"]).secret)
    made = [_market(staff.pk, number) for number in range(markets)]
    return {"users": [user.pk for user in people], "keys": keys, "markets": made}


def _market(creator_id: int, number: int) -> int:
    spec = MarketSpec(
        question=f"Will benchmark number {number} end well?",
        rules="Yes if it does.",
        topic="benchmark",
        closes_at=clock.now() + timedelta(days=30),
        liquidity_lots=LIQUIDITY_LOTS,
    )
    market: Market = create_market(creator_id=creator_id, spec=spec)
    open_market(market.pk)
    return market.pk


class Traders:
    """Commands of the mix; a cancel takes an order that rests, as far as we know."""

    def __init__(self, market_id: int, users: list[int], seed: int) -> None:
        self.market_id = market_id
        self.users = users
        self.chance = random.Random(seed)
        self.open: list[tuple[int, int]] = []
        self.elapsed_s = 0.0

    def command(self) -> Command:
        chance = self.chance
        if self.open and chance.random() < CANCELS:
            return CancelOrder(*self.open.pop(chance.randrange(len(self.open))))
        outcome, price, quantity, time_in_force = terms(chance)
        spec = OrderSpec(
            self.market_id, outcome, Side.BUY, OrderType.LIMIT, TimeInForce(time_in_force), price, quantity
        )
        # Not from the seed: a repeated key would be answered from the store.
        key = uuid4().hex
        return PlaceOrder(chance.choice(self.users), spec, key, sha256(key.encode()).digest())

    def execute(self, size: int) -> int:
        """Execute a batch, timed without the making of its commands; how many were accepted."""
        commands = [self.command() for _ in range(size)]
        started_at = time.perf_counter()
        answers = execute(self.market_id, commands)
        self.elapsed_s = time.perf_counter() - started_at
        for answer in answers:
            if answer.effects is not None:
                self.open += [(v.user_id, v.order_id) for v in answer.effects.orders[:1] if v.status == "open"]
        return sum(answer.status < 300 for answer in answers)


def durable_orders(*, market_id: int, users: list[int], batch: int, seconds: float, seed: int) -> dict[str, float]:
    """Accepted orders per second through ``execute``, one caller, after a warm-up."""
    traders = Traders(market_id, users, seed)
    for _ in range(5):
        traders.execute(batch)
    accepted, sent, elapsed_s = 0, 0, 0.0
    while elapsed_s < seconds:
        accepted += traders.execute(batch)
        sent += batch
        elapsed_s += traders.elapsed_s
    return {"per_second": accepted / elapsed_s, "accepted": accepted / sent}


def order_latency(*, markets: list[int], users: list[int], rounds: int, batch: int) -> list[float]:
    """Median milliseconds of one batch on each market, taken in turns so that noise hits all alike."""
    traders = [Traders(market_id, users, 17) for market_id in markets]
    times: list[list[float]] = [[] for _ in markets]
    accepted = 0
    for number in range(rounds + 5):
        for trader, own in zip(traders, times, strict=True):
            accepted += trader.execute(batch)
            if number >= 5:
                own.append(trader.elapsed_s)
    assert accepted > 0.95 * batch * (rounds + 5) * len(markets), "the answers are refusals"
    return [statistics.median(own) * 1_000 for own in times]


_RESTING = """
WITH made AS (
    INSERT INTO trading_order (id, market_id, user_id, client_order_id, outcome, side, type, time_in_force, price,
        quantity, post_only, self_trade_policy, filled, cost, fee, hold_cash, hold_shares, status, seq,
        created_at, updated_at)
    SELECT nextval('trading_order_ids'), %(market)s, (%(users)s::bigint[])[1 + n %% %(traders)s], 'fill-' || n, n %% 2,
        'buy', 'limit', 'gtc', 100 + n %% 2900, 10000, false, 'cancel_newest', 0, 0, 0,
        (100 + n %% 2900) * 10000::bigint, 0, 'open', 1, now(), now()
    FROM generate_series(1, %(count)s) AS n
    RETURNING user_id, hold_cash
)
UPDATE trading_account a SET held = a.held + s.held
FROM (SELECT user_id, SUM(hold_cash)::bigint AS held FROM made GROUP BY user_id) s
WHERE a.kind = 'wallet' AND a.user_id = s.user_id
"""
_TRADES = """
INSERT INTO trading_trade (market_id, seq, line, kind, outcome, taker_side, price, quantity, cost, taker_order_id,
    taker_id, taker_fee, maker_fee, probability, created_at)
SELECT %(market)s, 10 + n, 0, 'rule', 0, 'buy', 5000, 10000, 50000000, n, (%(users)s::bigint[])[1 + n %% %(traders)s],
    0, 0, 500000, now() - interval '1 second' * (%(count)s - n)
FROM generate_series(1, %(count)s) AS n
"""
_EVENTS = """
INSERT INTO markets_marketevent (market_id, seq, kind, at, data)
SELECT %(market)s, h.seq + n, 'halted', now(), '{}'
FROM markets_markethead h, generate_series(1, %(count)s) AS n WHERE h.market_id = %(market)s
"""
_HEAD = "UPDATE markets_markethead SET seq = seq + %(count)s WHERE market_id = %(market)s"
_BOOK = "UPDATE trading_marketbook SET seq = seq + %(count)s, trades = trades + %(count)s WHERE market_id = %(market)s"


def fill(*, market_id: int, users: list[int], orders: int, trades: int) -> dict[str, int]:
    """Rows that months of trading would have left, by bulk statements."""
    with connection.cursor() as cursor:
        parameters: dict[str, Any] = {"market": market_id, "users": users, "traders": len(users)}
        if orders:
            cursor.execute(_RESTING, {**parameters, "count": orders})
        for statement in (_TRADES, _EVENTS, _HEAD, _BOOK) if trades else ():
            cursor.execute(statement, {**parameters, "count": trades})
        cursor.execute("VACUUM ANALYZE")
    return {"orders": orders, "trades": trades}


JOBS: dict[str, Any] = {job.__name__: job for job in (prepare, durable_orders, order_latency, fill)}

if __name__ == "__main__":
    print(json.dumps(JOBS[sys.argv[1]](**json.loads(sys.argv[2]))))
