"""The engine's one door: a command against a market's state.

Contract   All or nothing. An accepted command changes the state, raises ``seq`` by one and returns every
           change it made; a refused one has changed nothing at all. Pure: the same state, command,
           funds and time give the same effects.
Invariant  At rest no two orders of a book cross, and no order crosses the maker rule by a lot or more
           (but for a sweep cut short by its bound).
"""

from datetime import datetime

from trading.engine import liquidity
from trading.engine.amending import amend
from trading.engine.changes import Changes
from trading.engine.conversion import convert
from trading.engine.placing import place
from trading.engine.reducing import trim
from trading.engine.risk import refuse_cancel
from trading.engine.sets import merge, mint
from trading.engine.state import MarketState
from trading.engine.sweep import sweep
from trading.engine.tied import STOPS, place_pair, place_stop
from trading.engine.triggers import run_triggers
from trading.types import (
    AddLiquidity,
    AmendOrder,
    CancelOrder,
    Command,
    ConvertNo,
    Effects,
    MergeSets,
    MintSets,
    OrderSpec,
    PlaceOrder,
    PlacePair,
    Refusal,
    WithdrawLiquidity,
)

#: Available cash by user id, in units; a missing user has none.
Funds = dict[int, int]


def apply(state: MarketState, command: Command, funds: Funds, now: datetime) -> Effects | Refusal:
    """Carry out one command.

    Effects: on acceptance ``state`` moves on and each user in ``funds`` is given the change of their
    available cash, so that a batch can go on with the same mapping.
    """
    changes = _carry_out(state, command, funds, now)
    if isinstance(changes, Refusal):
        return changes
    if state.reducing:
        trim(changes)
    sweep(changes)
    if state.stops.orders:
        run_triggers(changes)
    effects = changes.finish()
    _move_funds(funds, effects)
    return effects


def _carry_out(state: MarketState, command: Command, funds: Funds, now: datetime) -> Changes | Refusal:
    if command.valid_until is not None and command.valid_until <= now:
        return Refusal("order.expired", "valid_until has passed; send the command with a later time.", "/valid_until")
    if isinstance(command, PlaceOrder):
        ties = command.spec.ties
        run = place if ties is None or not _is_stop(command.spec) else place_stop
        return run(state, command, funds.get(command.user_id, 0), now)
    if isinstance(command, CancelOrder):
        return _cancel(state, command)
    if isinstance(command, MintSets):
        return mint(state, command, funds.get(command.user_id, 0))
    if isinstance(command, MergeSets):
        return merge(state, command)
    return _carry_out_rarely(state, command, funds, now)


def _is_stop(spec: OrderSpec) -> bool:
    return spec.type in STOPS or (spec.ties is not None and spec.ties.trigger_price is not None)


def _carry_out_rarely(state: MarketState, command: Command, funds: Funds, now: datetime) -> Changes | Refusal:
    if isinstance(command, PlacePair):
        return place_pair(state, command, funds.get(command.user_id, 0), now)
    if isinstance(command, AmendOrder):
        return _amend(state, command, funds.get(command.user_id, 0))
    if isinstance(command, ConvertNo):
        return convert(state, command)
    if isinstance(command, AddLiquidity):
        return liquidity.add(state, command, funds.get(command.user_id, 0))
    assert isinstance(command, WithdrawLiquidity)
    return liquidity.withdraw(state, command)


def _amend(state: MarketState, command: AmendOrder, available: int) -> Changes | Refusal:
    order = state.open_order(command.order_id)
    is_tied = command.order_id in state.links or command.order_id in state.stops.orders
    if is_tied and order is not None and order.user_id == command.user_id:
        detail = "A stop and an order of a pair keep their terms; cancel it and place another."
        return Refusal("order.amend_invalid", detail, "/order_id")
    changes = amend(state, command, available)
    if isinstance(changes, Changes) and changes.effects.reshaped.get(command.order_id):
        state.places[command.order_id] = command.priority
    return changes


def _cancel(state: MarketState, command: CancelOrder) -> Changes | Refusal:
    refusal = refuse_cancel(state)
    if refusal is not None:
        return refusal
    order = state.open_order(command.order_id)
    if order is None or order.user_id != command.user_id:
        return Refusal("order.not_found", "You have no open order with this number in this market.", "/order_id")
    changes = Changes(state, command)
    changes.cancel(order)
    return changes


def _move_funds(funds: Funds, effects: Effects) -> None:
    for party, amount in effects.cash.items():
        if party in funds:
            funds[party] += amount
    for party, amount in effects.held.items():
        if party in funds:
            funds[party] -= amount
