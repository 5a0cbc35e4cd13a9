"""Commands, orders and fills as lists by position, in the order of the dataclass fields.

Contract   JSON-ready both ways; enums are strings already. A new field goes to the end of its list.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from operator import attrgetter
from typing import Any, Final

from trading.types import (
    AddLiquidity,
    AmendOrder,
    CancelOrder,
    Command,
    ConvertNo,
    Fill,
    FillKind,
    MergeSets,
    MintSets,
    OrderSpec,
    OrderStatus,
    OrderType,
    OrderView,
    PlaceOrder,
    PlacePair,
    SelfTradePolicy,
    Side,
    Ties,
    TimeInForce,
    WithdrawLiquidity,
)

Row = Sequence[Any]

_LATER_FIELDS: Final = ("valid_until", "proceeds_min", "reduce_only", "ties")
#: Of what a row leaves out.
_LATER_VALUES: Final = (None, False, None)
_SPEC_FIELDS: Final = attrgetter(*[name for name in OrderSpec.__slots__ if name not in _LATER_FIELDS])
_SIDES: Final = {side.value: side for side in Side}
_TYPES: Final = {kind.value: kind for kind in OrderType}
_TIMES: Final = {time.value: time for time in TimeInForce}
_POLICIES: Final = {policy.value: policy for policy in SelfTradePolicy}
_STATUSES: Final = {status.value: status for status in OrderStatus}
_KINDS: Final = {kind.value: kind for kind in FillKind}
#: Commands that are one quantity.
_AMOUNTS: Final[dict[str, Callable[..., Command]]] = {
    "mint": MintSets,
    "merge": MergeSets,
    "add": AddLiquidity,
    "withdraw": WithdrawLiquidity,
}
_NAMES_OF_AMOUNTS: Final[dict[Any, str]] = {command: name for name, command in _AMOUNTS.items()}


def side_from(value: str) -> Side:
    return _SIDES[value]


def row_of_command(command: Command) -> Row:
    if isinstance(command, PlaceOrder):
        spec, digest = _row_of_spec(command.spec), command.request_digest.hex()
        return ("place", command.user_id, spec, command.client_order_id, digest, command.order_id)
    if isinstance(command, CancelOrder):
        return ("cancel", command.user_id, command.order_id)
    if isinstance(command, AmendOrder):
        return _row_of_amend(command)
    if isinstance(command, PlacePair):
        return _row_of_pair(command)
    if isinstance(command, ConvertNo):
        row: Row = ("convert", command.user_id, list(command.outcomes), command.quantity)
    else:
        row = (_NAMES_OF_AMOUNTS[type(command)], command.user_id, command.quantity)
    return (*row, command.client_order_id, command.request_digest.hex()) if command.client_order_id else row


def command_from(row: Row) -> Command:
    kind, user_id, *rest = row
    if kind == "place":
        spec, client_order_id, digest, order_id = rest
        return PlaceOrder(user_id, spec_from(spec), client_order_id, bytes.fromhex(digest), order_id)
    if kind == "cancel":
        return CancelOrder(user_id, rest[0])
    if kind == "pair":
        first, second, key, digest, ids = rest
        return PlacePair(user_id, spec_from(first), spec_from(second), key, bytes.fromhex(digest), (ids[0], ids[1]))
    if kind == "amend":
        order_id, price, quantity, decrease, key, digest, priority = rest
        return AmendOrder(user_id, order_id, price, quantity, decrease, key, bytes.fromhex(digest), priority)
    outcomes = tuple(rest.pop(0)) if kind == "convert" else ()
    quantity, key, digest = rest if len(rest) > 1 else (rest[0], "", "")
    if outcomes:
        return ConvertNo(user_id, outcomes, quantity, key, bytes.fromhex(digest))
    return _AMOUNTS[kind](user_id, quantity, key, bytes.fromhex(digest))


def _row_of_pair(command: PlacePair) -> Row:
    specs, digest = (_row_of_spec(command.first), _row_of_spec(command.second)), command.request_digest.hex()
    return ("pair", command.user_id, *specs, command.client_order_id, digest, command.order_ids)


def _row_of_amend(command: AmendOrder) -> Row:
    terms = (command.order_id, command.price, command.quantity, command.decrease)
    return ("amend", command.user_id, *terms, command.client_order_id, command.request_digest.hex(), command.priority)


def _row_of_spec(spec: OrderSpec) -> Row:
    """What few orders have is left out of the others."""
    until = spec.valid_until
    row = (*_SPEC_FIELDS(spec), until.isoformat() if until else None)
    ties = spec.ties
    if ties is not None:
        tied = (ties.trigger_price, ties.linked_to, ties.group_id)
        return (*row, spec.proceeds_min, spec.reduce_only, tied)
    if spec.reduce_only or spec.proceeds_min is not None:
        return (*row, spec.proceeds_min, spec.reduce_only)
    return row


def spec_from(row: Row) -> OrderSpec:
    market_id, outcome, side, kind, time, price, quantity, cost_max, post_only, policy, until, *later = row
    values: list[Any] = [*later, *_LATER_VALUES[len(later) :]]
    proceeds_min, reduce_only, ties = values
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
        proceeds_min,
        reduce_only,
        None if ties is None else Ties(*ties),
    )


def row_of_view(view: OrderView, command: Command) -> Row:
    """The spec is left out when it is the command's own, as it is for the order just placed."""
    spec = view.spec
    is_own = isinstance(command, PlaceOrder) and command.spec is spec
    order_id, user_id, _, *numbers = view
    return (None if is_own else _row_of_spec(spec), order_id, user_id, *numbers)


def view_from(row: Row, spec: OrderSpec) -> OrderView:
    """The row's order with ``spec``, which is its own, or the command's where the row leaves it out."""
    _, order_id, user_id, quantity, filled, cost, fee, hold_cash, hold_shares, status = row
    return OrderView(order_id, user_id, spec, quantity, filled, cost, fee, hold_cash, hold_shares, _STATUSES[status])


def row_of_fill(fill: Fill) -> Row:
    return tuple(fill)


def fill_from(row: Row) -> Fill:
    kind, outcome, side, *numbers = row
    return Fill(_KINDS[kind], outcome, _SIDES[side], *numbers)
