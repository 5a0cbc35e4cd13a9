"""Effects as journal records, and bringing a cached state forward by them.

Contract   ``from_record(to_record(effects)) == effects``, through JSON text as well. Records are compact:
           integers, short keys, lists by position in the order of the dataclass fields.
           ``apply_effects`` repeats what happened without matching again, so a process with other
           arithmetic or a newer engine still reaches the same state.
"""

from collections.abc import Sequence
from typing import Any

from trading.engine.liquidity import carry_over
from trading.engine.replay import add_open, rest_by_number
from trading.engine.rows import command_from, fill_from, row_of_command, row_of_fill, row_of_view, side_from, view_from
from trading.engine.state import Holding, MarketState, RestingOrder
from trading.types import ALIVE, MAKER, AmendOrder, Effects, LevelChange, OrderStatus, OrderView, Provision

Record = dict[str, Any]


def to_record(effects: Effects) -> Record:
    """A JSON-ready record of one accepted command."""
    record: Record = {
        "c": row_of_command(effects.command),
        "o": [row_of_view(view, effects.command) for view in effects.orders],
        "f": [row_of_fill(fill) for fill in effects.fills],
        "l": [(level.outcome, level.side, level.price, level.change) for level in effects.levels],
        "cash": list(effects.cash.items()),
        "held": list(effects.held.items()),
        "sh": [(party, outcome, change) for (party, outcome), change in effects.shares.items()],
        "shh": [(party, outcome, change) for (party, outcome), change in effects.shares_held.items()],
        "q": effects.maker_quantities,
        "p": effects.prices,
    }
    if effects.provision is not None:
        record["lp"] = tuple(effects.provision)
    return record


def from_record(record: Record) -> Effects:
    """The effects that a record tells of."""
    command = command_from(record["c"])
    return Effects(
        command=command,
        orders=[view_from(row, command) for row in record["o"]],
        fills=[fill_from(row) for row in record["f"]],
        levels=[LevelChange(outcome, side_from(side), price, size) for outcome, side, price, size in record["l"]],
        cash=dict(record["cash"]),
        held=dict(record["held"]),
        shares={(party, outcome): change for party, outcome, change in record["sh"]},
        shares_held={(party, outcome): change for party, outcome, change in record["shh"]},
        maker_quantities=tuple(record["q"]),
        prices=tuple(record["p"]),
        provision=_provision_from(record["lp"]) if "lp" in record else None,
    )


def _provision_from(row: Sequence[Any]) -> Provision:
    lots, liquidity, cash, sets, shares = row
    return Provision(lots, liquidity, cash, sets, tuple(shares))


def apply_effects(state: MarketState, effects: Effects) -> None:
    """Bring a state from the command before to after it, and ``seq`` up by one."""
    command = effects.command
    if isinstance(command, AmendOrder):
        _note_place(state, command, effects)
    for view in effects.orders:
        _apply_view(state, view)
    for (party, outcome), change in effects.shares.items():
        if party != MAKER:
            _holding(state, party, outcome).quantity += change
    for (party, outcome), change in effects.shares_held.items():
        _holding(state, party, outcome).held += change
    for key in effects.shares.keys() | effects.shares_held.keys():
        holding = state.holdings.get(key)
        if holding is not None and not holding.quantity and not holding.held:
            del state.holdings[key]
    for fill in effects.fills:
        state.last_prices[fill.outcome] = fill.price
    state.maker_quantities[:] = effects.maker_quantities
    state.maker_cash += effects.cash.get(MAKER, 0)
    if effects.provision is not None:
        carry_over(state, effects.command.user_id, effects.provision)
    state.seq += 1


def _note_place(state: MarketState, command: AmendOrder, effects: Effects) -> None:
    order = state.orders.get(command.order_id)
    view = next(view for view in effects.orders if view.order_id == command.order_id)
    if order is not None and (view.spec.price != order.spec.price or view.quantity >= order.quantity):
        state.places[command.order_id] = command.priority


def _apply_view(state: MarketState, view: OrderView) -> None:
    if view.status is not OrderStatus.OPEN and state.links:
        state.unlink(view.order_id)
    order = state.orders.get(view.order_id)
    if order is None:
        if view.order_id in state.stops.orders:
            _apply_to_stop(state, view)
        elif view.status in ALIVE:
            add_open(state, view)
        return
    if view.quantity != order.quantity or view.spec.price != order.spec.price:
        _reshape(state, order, view)
        return
    side = state.books[order.outcome].side(order.side)
    if view.status is OrderStatus.CANCELLED:
        _apply_fill(state, view)
        if view.order_id in state.orders:
            side.remove(order)
            state.drop_order(order)
        return
    _apply_fill(state, view)


def _apply_to_stop(state: MarketState, view: OrderView) -> None:
    order = state.stops.orders[view.order_id]
    if view.status is OrderStatus.TRIGGERED:
        state.stops.mark_due(view.order_id)
        return
    state.drop_stop(order)
    if view.status is OrderStatus.OPEN:
        rest_by_number(state, view)


def _reshape(state: MarketState, order: RestingOrder, view: OrderView) -> None:
    """Give a resting order its new terms; it keeps its place if it has only become smaller."""
    side = state.books[order.outcome].side(order.side)
    if view.status is OrderStatus.OPEN and view.spec.price == order.spec.price and view.quantity < order.quantity:
        side.shrink(order, order.quantity - view.quantity)
        order.spec = view.spec
        _apply_fill(state, view)
        return
    side.remove(order)
    state.drop_order(order)
    if view.status is OrderStatus.OPEN:
        add_open(state, view)


def _apply_fill(state: MarketState, view: OrderView) -> None:
    order = state.orders[view.order_id]
    order.cost, order.fee = view.cost, view.fee
    order.hold_cash, order.hold_shares = view.hold_cash, view.hold_shares
    if view.filled > order.filled:
        state.books[order.outcome].side(order.side).reduce(order, view.filled - order.filled)
    if view.status is OrderStatus.FILLED:
        state.drop_order(order)


def _holding(state: MarketState, party: int, outcome: int) -> Holding:
    holding = state.holdings.get((party, outcome))
    if holding is None:
        holding = state.holdings[party, outcome] = Holding()
    return holding
