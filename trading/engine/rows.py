"""Commands, orders and fills as lists by position, in the order of the dataclass fields.

Contract   JSON-ready both ways; a new field goes to the end of its list.
"""

from datetime import datetime
from typing import Any, Final

from trading.types import (
    CancelOrder,
    Command,
    Fill,
    FillKind,
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

_SIDES: Final = {side.value: side for side in Side}
_TYPES: Final = {kind.value: kind for kind in OrderType}
_TIMES: Final = {time.value: time for time in TimeInForce}
_POLICIES: Final = {policy.value: policy for policy in SelfTradePolicy}
_STATUSES: Final = {status.value: status for status in OrderStatus}
_KINDS: Final = {kind.value: kind for kind in FillKind}


def side_from(value: str) -> Side:
    return _SIDES[value]


def row_of_command(command: Command) -> list[Any]:
    if isinstance(command, PlaceOrder):
        spec, digest = _row_of_spec(command.spec), command.request_digest.hex()
        return ["place", command.user_id, spec, command.client_order_id, digest, command.order_id]
    if isinstance(command, CancelOrder):
        return ["cancel", command.user_id, command.order_id]
    return ["mint" if isinstance(command, MintSets) else "merge", command.user_id, command.quantity]


def command_from(row: list[Any]) -> Command:
    kind, user_id, *rest = row
    if kind == "place":
        spec, client_order_id, digest, order_id = rest
        return PlaceOrder(user_id, _spec_from(spec), client_order_id, bytes.fromhex(digest), order_id)
    if kind == "cancel":
        return CancelOrder(user_id, rest[0])
    return (MintSets if kind == "mint" else MergeSets)(user_id, rest[0])


def _row_of_spec(spec: OrderSpec) -> list[Any]:
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


def row_of_view(view: OrderView) -> list[Any]:
    return [
        view.order_id,
        view.user_id,
        _row_of_spec(view.spec),
        view.quantity,
        view.filled,
        view.cost,
        view.fee,
        view.hold_cash,
        view.hold_shares,
        view.status.value,
    ]


def view_from(row: list[Any]) -> OrderView:
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


def row_of_fill(fill: Fill) -> list[Any]:
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


def fill_from(row: list[Any]) -> Fill:
    kind, outcome, side, *numbers = row
    return Fill(_KINDS[kind], outcome, _SIDES[side], *numbers)
