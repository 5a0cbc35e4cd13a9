"""Effects as journal records, and bringing a cached state forward by them.

Contract   ``from_record(to_record(effects)) == effects``, through JSON text as well. Records are compact:
           integers, short keys, lists by position in the order of the dataclass fields.
           ``apply_effects`` repeats what happened without matching again, so a process with other
           arithmetic or a newer engine still reaches the same state.
"""

from datetime import datetime
from typing import Any, Final

from trading.engine.pricing import PROBABILITY_SCALE
from trading.engine.replay import add_resting
from trading.engine.state import Holding, MarketState
from trading.types import (
    MAKER,
    CancelOrder,
    Command,
    Effects,
    Fill,
    FillKind,
    LevelChange,
    MergeSets,
    MintSets,
    OrderSpec,
    OrderStatus,
    OrderType,
    OrderView,
    PlaceOrder,
    SelfTradePolicy,
    Side,
    TimeInForce,
)

assert PROBABILITY_SCALE == 1_000_000, "records carry prices in this unit"
Record = dict[str, Any]

_SIDES: Final = {side.value: side for side in Side}
_TYPES: Final = {kind.value: kind for kind in OrderType}
_TIMES: Final = {time.value: time for time in TimeInForce}
_POLICIES: Final = {policy.value: policy for policy in SelfTradePolicy}
_STATUSES: Final = {status.value: status for status in OrderStatus}
_KINDS: Final = {kind.value: kind for kind in FillKind}


def to_record(effects: Effects) -> Record:
    """A JSON-ready record of one accepted command."""
    return {
        "c": _command_to(effects.command),
        "o": [_view_to(view) for view in effects.orders],
        "f": [_fill_to(fill) for fill in effects.fills],
        "l": [[level.outcome, level.side.value, level.price, level.change] for level in effects.levels],
        "cash": list(map(list, effects.cash.items())),
        "held": list(map(list, effects.held.items())),
        "sh": [[party, outcome, change] for (party, outcome), change in effects.shares.items()],
        "shh": [[party, outcome, change] for (party, outcome), change in effects.shares_held.items()],
        "q": list(effects.maker_quantities),
        "p": list(effects.prices),
    }


def from_record(record: Record) -> Effects:
    """The effects that a record tells of."""
    return Effects(
        command=_command_from(record["c"]),
        orders=[_view_from(row) for row in record["o"]],
        fills=[_fill_from(row) for row in record["f"]],
        levels=[LevelChange(outcome, _SIDES[side], price, size) for outcome, side, price, size in record["l"]],
        cash={party: change for party, change in record["cash"]},
        held={party: change for party, change in record["held"]},
        shares={(party, outcome): change for party, outcome, change in record["sh"]},
        shares_held={(party, outcome): change for party, outcome, change in record["shh"]},
        maker_quantities=tuple(record["q"]),
        prices=tuple(record["p"]),
    )


def apply_effects(state: MarketState, effects: Effects) -> None:
    """Bring a state from the command before to after it, and ``seq`` up by one."""
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
    if tuple(state.maker_quantities) != effects.maker_quantities:
        state.maker_quantities[:] = effects.maker_quantities
        state.is_sweep_due = not state.rules.is_binary
    state.seq += 1


def _apply_view(state: MarketState, view: OrderView) -> None:
    order = state.orders.get(view.order_id)
    if order is None:
        if view.status is OrderStatus.OPEN:
            add_resting(state, view)
        return
    side = state.books[order.outcome].side(order.side)
    if view.status is OrderStatus.CANCELLED:
        _apply_fill(state, view)
        if view.order_id in state.orders:
            side.remove(order)
            del state.orders[view.order_id]
        return
    _apply_fill(state, view)


def _apply_fill(state: MarketState, view: OrderView) -> None:
    order = state.orders[view.order_id]
    order.cost, order.fee = view.cost, view.fee
    order.hold_cash, order.hold_shares = view.hold_cash, view.hold_shares
    if view.filled > order.filled:
        state.books[order.outcome].side(order.side).reduce(order, view.filled - order.filled)
    if view.status is OrderStatus.FILLED:
        del state.orders[view.order_id]


def _holding(state: MarketState, party: int, outcome: int) -> Holding:
    holding = state.holdings.get((party, outcome))
    if holding is None:
        holding = state.holdings[party, outcome] = Holding()
    return holding


def _command_to(command: Command) -> list[Any]:
    if isinstance(command, PlaceOrder):
        spec, digest = _spec_to(command.spec), command.request_digest.hex()
        return ["place", command.user_id, spec, command.client_order_id, digest, command.order_id]
    if isinstance(command, CancelOrder):
        return ["cancel", command.user_id, command.order_id]
    return ["mint" if isinstance(command, MintSets) else "merge", command.user_id, command.quantity]


def _command_from(row: list[Any]) -> Command:
    kind, user_id, *rest = row
    if kind == "place":
        spec, client_order_id, digest, order_id = rest
        return PlaceOrder(user_id, _spec_from(spec), client_order_id, bytes.fromhex(digest), order_id)
    if kind == "cancel":
        return CancelOrder(user_id, rest[0])
    return (MintSets if kind == "mint" else MergeSets)(user_id, rest[0])


def _spec_to(spec: OrderSpec) -> list[Any]:
    until = spec.valid_until.isoformat() if spec.valid_until else None
    return [
        spec.market_id,
        spec.outcome,
        spec.side.value,
        spec.type.value,
        spec.time_in_force.value,
        spec.price,
        spec.quantity,
        spec.cost_max,
        spec.post_only,
        spec.self_trade_policy.value,
        until,
    ]


def _spec_from(row: list[Any]) -> OrderSpec:
    market_id, outcome, side, kind, time, price, quantity, cost_max, post_only, policy, until = row
    return OrderSpec(
        market_id,
        outcome,
        _SIDES[side],
        _TYPES[kind],
        _TIMES[time],
        price,
        quantity,
        cost_max,
        post_only,
        _POLICIES[policy],
        datetime.fromisoformat(until) if until else None,
    )


def _view_to(view: OrderView) -> list[Any]:
    return [
        view.order_id,
        view.user_id,
        _spec_to(view.spec),
        view.quantity,
        view.filled,
        view.cost,
        view.fee,
        view.hold_cash,
        view.hold_shares,
        view.status.value,
    ]


def _view_from(row: list[Any]) -> OrderView:
    order_id, user_id, spec, quantity, filled, cost, fee, hold_cash, hold_shares, status = row
    return OrderView(
        order_id,
        user_id,
        _spec_from(spec),
        quantity,
        filled,
        cost,
        fee,
        hold_cash,
        hold_shares,
        _STATUSES[status],
    )


def _fill_to(fill: Fill) -> list[Any]:
    return [
        fill.kind.value,
        fill.outcome,
        fill.taker_side.value,
        fill.price,
        fill.quantity,
        fill.cost,
        fill.taker_order_id,
        fill.taker_user_id,
        fill.taker_fee,
        fill.maker_order_id,
        fill.maker_user_id,
        fill.maker_fee,
    ]


def _fill_from(row: list[Any]) -> Fill:
    kind, outcome, side, *numbers = row
    return Fill(_KINDS[kind], outcome, _SIDES[side], *numbers)
