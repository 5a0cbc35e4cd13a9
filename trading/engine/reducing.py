"""Reduce-only orders: sells that are never for more than their trader's free shares.

Contract   They reserve nothing, so several may be out for the same shares. After every command, and after every
           step with the maker rule, each one that has become too large for the free shares is cut to them, or
           cancelled if there are none; what was cut doesn't come back with new shares.
Bound      Only the orders of a trader and outcome whose shares changed are looked at.
"""

from trading.engine.changes import Changes
from trading.engine.state import MarketState
from trading.types import OrderSpec


def reducible(state: MarketState, user_id: int, spec: OrderSpec) -> int:
    """The most lots that a sell may be for which follows the trader's free shares."""
    free = state.free_shares(user_id, spec.outcome)
    free -= free % state.rules.lot
    return free if spec.quantity is None else min(free, spec.quantity)


def trim(changes: Changes) -> None:
    """Cut the reduce-only orders whose shares this command has taken or reserved."""
    state, effects = changes.state, changes.effects
    for key in {**effects.shares, **effects.shares_held}:
        if key in state.reducing:
            _trim(changes, key)


def _trim(changes: Changes, key: tuple[int, int]) -> None:
    state = changes.state
    free = state.free_shares(*key)
    free -= free % state.rules.lot
    left = [state.orders[order_id] for order_id in sorted(state.reducing[key]) if order_id in state.orders]
    for order in left:
        if order.remaining > free:
            changes.shrink(order, order.remaining - free)
    state.reducing[key] = {order.order_id for order in left if order.order_id in state.orders}
    if not state.reducing[key]:
        del state.reducing[key]
