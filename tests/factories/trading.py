"""Funded traders, open markets and orders, made by the services as everybody makes them."""

from collections.abc import Sequence
from hashlib import sha256
from itertools import count
from typing import Any

import orjson

from accounts.models import User
from common.money import CASH_SCALE, PRICE_SCALE, QUANTITY_SCALE
from markets.models import Market
from markets.services.close_market import close_market
from markets.services.confirm_resolution import confirm_resolution
from markets.services.propose_resolution import propose_resolution
from tests.factories.accounts import make_alice, make_bob, make_user
from tests.factories.markets import make_categorical_draft, make_draft
from trading.models import Account
from trading.services.answer import Answer
from trading.services.execute_commands import execute
from trading.services.grant import grant
from trading.services.open_account import open_account
from trading.services.open_market import open_market
from trading.types import Command, OrderSpec, OrderType, PlaceOrder, SelfTradePolicy, Side, TimeInForce

#: b of the maker rule of markets that have one: 1,000 shares.
LIQUIDITY = 1_000 * QUANTITY_SCALE
_keys = count(1)


def fund(user: User, credits: int = 1_000) -> User:
    """Open the user's account, so that it has the starting credits, and bring it to ``credits``."""
    open_account(user.pk)
    missing = credits * CASH_SCALE - wallet(user).cash
    if missing > 0:
        grant(user_id=user.pk, amount=missing, memo="For a test")
    return user


def funded_alice() -> User:
    return fund(make_alice())


def funded_bob() -> User:
    return fund(make_bob())


def funded_traders(number: int, credits: int = 1_000) -> list[User]:
    return [fund(make_user(f"trader{i}"), credits) for i in range(number)]


def wallet(user: User) -> Account:
    return Account.objects.get(user_id=user.pk)


def live_market(**fields: Any) -> Market:
    """A binary market that can be traded; ``liquidity_lots=LIQUIDITY`` gives it a maker rule."""
    return _opened(make_draft(**fields))


def live_categorical_market(**fields: Any) -> Market:
    return _opened(make_categorical_draft(**fields))


def _opened(market: Market) -> Market:
    open_market(market.pk)
    market.refresh_from_db()
    return market


def resolve(market: Market, payouts: Sequence[int]) -> None:
    """Close and resolve; the market must have been made with ``challenge_window_s=0``."""
    close_market(market_id=market.pk, actor_id=None)
    propose_resolution(market_id=market.pk, actor_id=None, payouts=tuple(payouts), reason="The source says so.")
    confirm_resolution(market_id=market.pk, actor_id=None)


def spec(
    market: Market, side: str = "buy", outcome: int = 0, *, price: float | None = 0.5, shares: float = 10, **fields: Any
) -> OrderSpec:
    """A limit order good till cancelled, or a market order when ``price`` is ``None``; floats are exact enough here."""
    kind = OrderType.LIMIT if price is not None else OrderType.MARKET
    given: dict[str, Any] = {
        "type": kind,
        "time_in_force": TimeInForce.GTC if price is not None else TimeInForce.IOC,
        "price": None if price is None else round(price * PRICE_SCALE),
        "quantity": round(shares * QUANTITY_SCALE),
        "self_trade_policy": SelfTradePolicy.CANCEL_NEWEST,
        **fields,
    }
    return OrderSpec(market.pk, outcome, Side(side), **given)


def order(user: User, asked: OrderSpec, key: str = "") -> PlaceOrder:
    return PlaceOrder(user.pk, asked, key or f"key-{next(_keys)}", sha256(repr(asked).encode()).digest())


def run(market: Market, *commands: Command) -> list[Answer]:
    return execute(market.pk, commands)


def place(user: User, market: Market, *args: Any, key: str = "", **fields: Any) -> Answer:
    """One order in a batch of its own."""
    return run(market, order(user, spec(market, *args, **fields), key))[0]


def document(answer: Answer) -> dict[str, Any]:
    found: dict[str, Any] = orjson.loads(answer.body)
    return found
