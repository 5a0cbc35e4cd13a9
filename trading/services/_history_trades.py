"""Replay a market's recorded trades as the orders of its traders, at the times they were made."""

import hashlib
from collections.abc import Iterator
from itertools import groupby
from typing import Final

from accounts.services.provide_account import provide_account
from common import clock
from common.money import PAYOUT_PER_LOT
from trading.models import Account, Order, Trade
from trading.models.account import AccountKind
from trading.services._history_plan import MarketPlan
from trading.services._history_replay import Leg, legs
from trading.services._history_texts import handle_of
from trading.services.execute_commands import execute
from trading.services.grant import GRANT_MAX, grant
from trading.types import OrderSpec, OrderType, PlaceOrder, Side, TimeInForce

_MICRO: Final = 1_000_000


class ReplayRefused(Exception):
    """The market refused a recorded trade, so nothing after it was replayed."""


def replay_trades(market_id: int, plan: MarketPlan) -> float:
    """Place every order that isn't placed yet; repeating goes on where it stopped.

    Returns: the largest difference between a price after a trade here and the recorded one
    Raises:  ReplayRefused, UserActionRefused
    """
    orders = legs(plan.history.trades)
    users = _funded_traders(plan, orders)
    for at, group in groupby(orders, key=lambda leg: leg.trade.at):
        commands = [_command(market_id, users[leg.trade.trader_id], leg) for leg in group]
        with clock.replaying(at):
            answers = execute(market_id, commands)
        for command, answer in zip(commands, answers, strict=True):
            if not answer.is_accepted:
                raise ReplayRefused(f"{command.client_order_id}: {answer.body}")
    return max(_differences(market_id, orders), default=0.0)


def _funded_traders(plan: MarketPlan, orders: list[Leg]) -> dict[str, int]:
    """User id by trader id. A share costs less than a credit, so what each is given suffices for the market."""
    users: dict[str, int] = {}
    with clock.replaying(plan.history.opens_at):
        for trader_id in dict.fromkeys(leg.trade.trader_id for leg in orders):
            user_id = users[trader_id] = provide_account(handle=handle_of(plan, trader_id))
            own = (leg for leg in orders if leg.trade.trader_id == trader_id and leg.side is Side.BUY)
            needed = sum(leg.lots for leg in own) * PAYOUT_PER_LOT
            wallet = Account.objects.filter(user_id=user_id, kind=AccountKind.WALLET).first()
            missing = needed - (wallet.available if wallet else 0)
            while missing > 0:
                part = min(missing, GRANT_MAX)
                grant(user_id=user_id, amount=part, memo=f"For the replay of {plan.history.source_id}"[:200])
                missing -= part
    return users


def _command(market_id: int, user_id: int, leg: Leg) -> PlaceOrder:
    key = _key(market_id, leg)
    spec = OrderSpec(market_id, leg.outcome, leg.side, OrderType.MARKET, TimeInForce.IOC, quantity=leg.lots)
    text = f"{key} {user_id} {leg.outcome} {leg.side} {leg.lots}"
    return PlaceOrder(user_id, spec, key, hashlib.sha256(text.encode()).digest())


def _key(market_id: int, leg: Leg) -> str:
    name = "sell" if leg.side is Side.SELL else f"buy-{leg.outcome}"
    return f"h{market_id}-{leg.trade.trade_id}-{name}"


def _differences(market_id: int, orders: list[Leg]) -> Iterator[float]:
    seqs = dict(Order.objects.filter(market_id=market_id).values_list("client_order_id", "seq"))
    prices = dict(Trade.objects.filter(market_id=market_id).order_by("line").values_list("seq", "probability"))
    for leg in orders:
        if leg.is_last:
            yield abs(prices[seqs[_key(market_id, leg)]] - leg.trade.price_after) / _MICRO
