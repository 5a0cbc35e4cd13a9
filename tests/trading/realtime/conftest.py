"""A market that is open, and traders with money in it."""

import random
from collections.abc import Iterator
from hashlib import sha256
from itertools import count

import pytest

from accounts.models import User
from markets.models import Market
from tests.factories.accounts import make_alice, make_bob
from tests.factories.markets import make_draft
from trading.selectors.books import forget_books
from trading.services._market_cache import forget_all
from trading.services.execute_commands import execute
from trading.services.open_account import open_account
from trading.services.open_market import open_market
from trading.types import CancelOrder, Command, OrderSpec, OrderType, PlaceOrder, Side, TimeInForce

_keys = count(1)


@pytest.fixture(autouse=True)
def _fresh_caches() -> Iterator[None]:
    yield
    forget_all()
    forget_books()


@pytest.fixture
def alice(transactional_db: None) -> User:
    user = make_alice()
    open_account(user.pk)
    return user


@pytest.fixture
def bob(transactional_db: None) -> User:
    user = make_bob()
    open_account(user.pk)
    return user


@pytest.fixture
def market(transactional_db: None) -> Market:
    draft = make_draft(liquidity_lots=1_000_000)
    open_market(draft.pk)
    draft.refresh_from_db()
    return draft


@pytest.fixture
def bare_market(transactional_db: None) -> Market:
    """Without the maker rule."""
    draft = make_draft(liquidity_lots=0)
    open_market(draft.pk)
    draft.refresh_from_db()
    return draft


def order(
    market: Market, user: User, side: str, price: int, quantity: int = 10_000, *, outcome: int = 0, tif: str = "gtc"
) -> PlaceOrder:
    spec = OrderSpec(market.pk, outcome, Side(side), OrderType.LIMIT, TimeInForce(tif), price=price, quantity=quantity)
    key = f"t-{next(_keys)}"
    return PlaceOrder(user.pk, spec, key, sha256(key.encode()).digest())


class RandomTrading:
    """Random commands of two traders around the maker rule's price."""

    def __init__(self, market: Market, users: list[User], seed: int) -> None:
        self.market = market
        self.users = users
        self.random = random.Random(seed)
        self.open: list[tuple[int, int]] = []

    def step(self, size: int = 10) -> None:
        for answer in execute(self.market.pk, [self._command() for _ in range(size)]):
            if answer.effects is not None:
                self.open += [(v.user_id, v.order_id) for v in answer.effects.orders if v.status == "open"]

    def _command(self) -> Command:
        chance = self.random
        if self.open and chance.random() < 0.25:
            user_id, order_id = self.open.pop(chance.randrange(len(self.open)))
            return CancelOrder(user_id, order_id)
        side = chance.choice(["buy", "sell"])
        # Orders on "no" sell without shares by buying the other outcome, so buys alone fill both sides.
        outcome = chance.choice([0, 1])
        price, quantity = chance.randint(3_000, 6_000), chance.randint(1, 60_000)
        return order(self.market, chance.choice(self.users), side, price, quantity, outcome=outcome)
