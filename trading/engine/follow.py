"""Bringing a state forward by journal records.

Contract   ``apply_record`` repeats what happened without matching again, so a process with other arithmetic or a newer
           engine still reaches the same state.
Reason     A process executes what others have executed before it goes on, under the market's lock, so only what a state
           needs of a record is made into objects.
"""

from collections.abc import Sequence
from typing import Any, Final

from trading.engine.journal import Record, provision_from
from trading.engine.liquidity import carry_over
from trading.engine.replay import add_open, rest_by_number
from trading.engine.rows import Row, spec_from, view_from
from trading.engine.state import Holding, MarketState, RestingOrder
from trading.types import ALIVE, MAKER, OrderStatus

_ALIVE: Final = frozenset(status.value for status in ALIVE)
_OPEN: Final = OrderStatus.OPEN.value
_FILLED: Final = OrderStatus.FILLED.value
_CANCELLED: Final = OrderStatus.CANCELLED.value
_TRIGGERED: Final = OrderStatus.TRIGGERED.value
#: Places in a row of an order and in that of a spec, see ``trading.engine.rows``.
_SPEC, _ORDER_ID, _QUANTITY, _STATUS = 0, 1, 3, 9
_PRICE: Final = 5


def apply_record(state: MarketState, record: Record) -> None:
    """Bring a state from the command before to after it, and ``seq`` up by one."""
    command = record["c"]
    if command[0] == "amend":
        _note_place(state, command, record["o"])
    for row in record["o"]:
        _apply_order(state, row, command)
    _apply_shares(state, record["sh"], record["shh"])
    for fill in record["f"]:
        state.last_prices[fill[1]] = fill[3]
    state.maker_quantities[:] = record["q"]
    for party, change in record["cash"]:
        if party == MAKER:
            state.maker_cash += change
    if "lp" in record:
        carry_over(state, command[1], provision_from(record["lp"]))
    state.seq += 1


def _apply_shares(state: MarketState, shares: Sequence[Row], held: Sequence[Row]) -> None:
    for party, outcome, change in shares:
        if party != MAKER:
            _holding(state, party, outcome).quantity += change
    for party, outcome, change in held:
        _holding(state, party, outcome).held += change
    for party, outcome, _ in (*shares, *held):
        holding = state.holdings.get((party, outcome))
        if holding is not None and not holding.quantity and not holding.held:
            del state.holdings[party, outcome]


def _note_place(state: MarketState, command: Row, rows: Sequence[Row]) -> None:
    """Remember where an order stands that was amended to the back."""
    order_id, priority = command[2], command[8]
    order = state.orders.get(order_id)
    row = next(row for row in rows if row[_ORDER_ID] == order_id)
    if order is not None and (_price_of(row, order) != order.spec.price or row[_QUANTITY] >= order.quantity):
        state.places[order_id] = priority


def _price_of(row: Row, order: RestingOrder) -> Any:
    """A row without terms has those that the order was placed with."""
    return order.spec.price if row[_SPEC] is None else row[_SPEC][_PRICE]


def _apply_order(state: MarketState, row: Row, command: Row) -> None:
    order_id, status = row[_ORDER_ID], row[_STATUS]
    if status != _OPEN and state.links:
        state.unlink(order_id)
    order = state.orders.get(order_id)
    if order is not None:
        _apply_to_order(state, order, row)
    elif order_id in state.stops.orders:
        _apply_to_stop(state, row, command)
    elif status in _ALIVE:
        add_open(state, view_from(row, _spec_of(row, command)))


def _spec_of(row: Row, command: Row) -> Any:
    return spec_from(command[2] if row[_SPEC] is None else row[_SPEC])


def _apply_to_order(state: MarketState, order: RestingOrder, row: Row) -> None:
    if row[_QUANTITY] != order.quantity or _price_of(row, order) != order.spec.price:
        _reshape(state, order, row)
        return
    _apply_fill(state, order, row)
    if row[_STATUS] == _CANCELLED and order.order_id in state.orders:
        state.books[order.outcome].side(order.side).remove(order)
        state.drop_order(order)


def _apply_to_stop(state: MarketState, row: Row, command: Row) -> None:
    order, status = state.stops.orders[row[_ORDER_ID]], row[_STATUS]
    if status == _TRIGGERED:
        state.stops.mark_due(order.order_id)
        return
    state.drop_stop(order)
    if status == _OPEN:
        rest_by_number(state, view_from(row, _spec_of(row, command)))


def _reshape(state: MarketState, order: RestingOrder, row: Row) -> None:
    """Give a resting order its new terms; it keeps its place if it has only become smaller."""
    side, spec = state.books[order.outcome].side(order.side), spec_from(row[_SPEC])
    is_open = row[_STATUS] == _OPEN
    if is_open and spec.price == order.spec.price and row[_QUANTITY] < order.quantity:
        side.shrink(order, order.quantity - row[_QUANTITY])
        order.spec = spec
        _apply_fill(state, order, row)
        return
    side.remove(order)
    state.drop_order(order)
    if is_open:
        add_open(state, view_from(row, spec))


def _apply_fill(state: MarketState, order: RestingOrder, row: Row) -> None:
    _, _, _, _, filled, order.cost, order.fee, order.hold_cash, order.hold_shares, status = row
    if filled > order.filled:
        state.books[order.outcome].side(order.side).reduce(order, filled - order.filled)
    if status == _FILLED:
        state.drop_order(order)


def _holding(state: MarketState, party: int, outcome: int) -> Holding:
    holding = state.holdings.get((party, outcome))
    if holding is None:
        holding = state.holdings[party, outcome] = Holding()
    return holding
