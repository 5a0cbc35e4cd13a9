"""The money and the positions of a settlement.

Contract   Inside a transaction that holds the market's head, with no order open. Afterwards no share of the
           market exists and its accounts are empty, to the unit.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from django.db import connection

from trading import locks
from trading.engine.settlement import refund, settle
from trading.models import Position
from trading.models.account import AccountKind
from trading.models.ledger import TransferKind
from trading.services._posting import global_account_id, post
from trading.services._providers import Providers
from trading.types import MAKER

#: What an outcome brought leaves its cost; what a trader has lost or won in all stays as the sum of costs.
_EMPTY_SETTLED: Final = """
UPDATE trading_position SET settled_quantity = quantity, settled_cost = cost,
    cost = cost - CASE WHEN user_id IS NULL THEN 0 ELSE quantity * (%s::bigint[])[outcome + 1] END,
    quantity = 0, held = 0, updated_at = %s
WHERE market_id = %s
"""
#: A refund is booked on the trader's first outcome, the others are added to it.
_EMPTY_VOID: Final = """
UPDATE trading_position p SET settled_quantity = p.quantity, settled_cost = p.cost,
    cost = CASE WHEN p.outcome = t.first THEN t.cost - coalesce(r.amount, 0) ELSE 0 END,
    quantity = 0, held = 0, updated_at = %s
FROM (SELECT user_id, min(outcome) AS first, sum(cost)::bigint AS cost
      FROM trading_position WHERE market_id = %s GROUP BY user_id) t
LEFT JOIN unnest(%s::bigint[], %s::bigint[]) AS r (user_id, amount) ON r.user_id = t.user_id
WHERE p.market_id = %s AND p.user_id IS NOT DISTINCT FROM t.user_id
"""


class MarketMoney:
    """The locked accounts of a settlement: ``cash`` of the market's by kind, ids of everybody's."""

    def __init__(self, market_id: int, user_ids: Sequence[int]) -> None:
        self.issuance = global_account_id(AccountKind.ISSUANCE)
        self.house = global_account_id(AccountKind.HOUSE)
        with connection.cursor() as cursor:
            cursor.execute(locks.LOCK_FOR_SETTLEMENT, [list(user_ids), market_id, [self.issuance, self.house]])
            rows = cursor.fetchall()
        self.wallets: dict[int, int] = {user_id: account_id for account_id, user_id, _, _, _ in rows if user_id}
        own = {kind: (account_id, cash) for account_id, _, kind, cash, is_own in rows if is_own}
        self.ids = {kind: account_id for kind, (account_id, _) in own.items()}
        self.cash = {kind: cash for kind, (_, cash) in own.items()}


def pay(market_id: int, payouts: Sequence[int], *, seq: int, at: datetime) -> dict[str, Any]:
    """Pay by ``payouts`` (ticks per outcome), or refund when they are empty. Returns the journal record's data."""
    rows = list(Position.objects.filter(market_id=market_id).values_list("user_id", "outcome", "quantity", "cost"))
    providers = Providers(market_id)
    users = {user_id for user_id, *_ in rows if user_id is not None} | providers.costs.keys()
    money = MarketMoney(market_id, sorted(users))
    if payouts:
        holdings = {(MAKER if user_id is None else user_id, outcome): lots for user_id, outcome, lots, _ in rows}
        due = settle(payouts, holdings, money.cash[AccountKind.COLLATERAL])
        sources = {AccountKind.COLLATERAL: money.cash[AccountKind.COLLATERAL]}
    else:
        due = refund(_paid_in(rows, providers.costs), sum(money.cash.values()))
        sources = _sources(money.cash, sum(due.values()))
    kind = TransferKind.SETTLEMENT if payouts else TransferKind.VOID
    _pay_out(money, due, sources, kind=kind, market_id=market_id, seq=seq, at=at)
    provided = _pay_providers(money, due, providers, market_id=market_id, seq=seq, at=at) if payouts else {}
    rest = _return_rest(money, due, sources, sum(provided.values()), market_id=market_id, seq=seq, at=at)
    received = provided if payouts else providers.refunds(due)
    providers.leave(received, at)
    for_shares = due if payouts else {party: amount - received.get(party, 0) for party, amount in due.items()}
    _empty_positions(market_id, payouts, for_shares, at)
    paid = sorted([party, amount] for party, amount in due.items() if party != MAKER)
    shares = {"provided": sorted(map(list, provided.items()))} if providers.costs else {}
    return {"payouts": list(payouts), "paid": paid, **rest, **shares}


def _pay_providers(money: MarketMoney, due: Mapping[int, int], providers: Providers, **where: Any) -> dict[int, int]:
    """Pay each provider their part of what the maker rule has left. Returns the cash by user id."""
    paid = providers.claims(money.cash[AccountKind.MAKER] + due.get(MAKER, 0))
    moves = {money.wallets[user_id]: amount for user_id, amount in paid.items()}
    post(moves | {money.ids[AccountKind.MAKER]: -sum(paid.values())}, kind=TransferKind.LIQUIDITY, **where)
    return paid


def _paid_in(rows: Sequence[tuple[int | None, int, int, int]], costs: Mapping[int, int]) -> dict[int, int]:
    """``costs``: what each provider of liquidity has paid for it."""
    paid = dict(costs)
    for user_id, _, _, cost in rows:
        if user_id is not None:
            paid[user_id] = paid.get(user_id, 0) + cost
    return paid


def _sources(cash: Mapping[str, int], total: int) -> dict[AccountKind, int]:
    """Who gives how much of a refund: the fees, then collateral, then the maker rule."""
    given: dict[AccountKind, int] = {}
    for kind in (AccountKind.FEES, AccountKind.COLLATERAL, AccountKind.MAKER):
        given[kind] = min(cash[kind], total)
        total -= given[kind]
    assert total == 0, "a refund never exceeds what is there"
    return given


def _pay_out(money: MarketMoney, due: Mapping[int, int], sources: Mapping[AccountKind, int], **transfer: Any) -> None:
    moves = {money.wallets[party]: amount for party, amount in due.items() if party != MAKER}
    for kind, amount in sources.items():
        moves[money.ids[kind]] = -amount
    moves[money.ids[AccountKind.MAKER]] = moves.get(money.ids[AccountKind.MAKER], 0) + due.get(MAKER, 0)
    post(moves, **transfer)


def _return_rest(
    money: MarketMoney, due: Mapping[int, int], sources: Mapping[AccountKind, int], provided: int, **where: Any
) -> dict[str, int]:
    """Empty the market's accounts: fees to the house, everything else to where the subsidy came from; ``provided``
    has gone to those who provided liquidity."""
    left = {kind: cash - sources.get(AccountKind(kind), 0) for kind, cash in money.cash.items()}
    left[AccountKind.MAKER] += due.get(MAKER, 0) - provided
    subsidy = {money.ids[kind]: -left[kind] for kind in (AccountKind.MAKER, AccountKind.COLLATERAL)}
    returned = -sum(subsidy.values())
    post(subsidy | {money.issuance: returned}, kind=TransferKind.SUBSIDY, memo="Left of the subsidy", **where)
    fees = left[AccountKind.FEES]
    post({money.ids[AccountKind.FEES]: -fees, money.house: fees}, kind=TransferKind.FEES, **where)
    return {"returned": returned, "fees": fees}


def _empty_positions(market_id: int, payouts: Sequence[int], due: Mapping[int, int], at: datetime) -> None:
    with connection.cursor() as cursor:
        if payouts:
            cursor.execute(_EMPTY_SETTLED, [list(payouts), at, market_id])
        else:
            cursor.execute(_EMPTY_VOID, [at, market_id, list(due), list(due.values()), market_id])
