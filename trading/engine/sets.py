"""Complete sets: one share of every outcome is worth exactly one credit, both ways."""

from common.money import PAYOUT_PER_LOT
from trading.engine.changes import Changes
from trading.engine.limits import refuse_position
from trading.engine.risk import refuse_free_shares, refuse_funds, refuse_sets
from trading.engine.state import NO_TERMS, MarketState
from trading.types import COLLATERAL, MergeSets, MintSets, Refusal


def mint(state: MarketState, command: MintSets, available: int) -> Changes | Refusal:
    """Take the price of the sets into collateral and hand out one share of each outcome per set."""
    cost = command.quantity * PAYOUT_PER_LOT
    refusal = refuse_sets(state, command.quantity)
    if state.terms is not NO_TERMS:
        for outcome in range(state.rules.outcomes):
            refusal = refusal or refuse_position(state, command.user_id, outcome, command.quantity)
    refusal = refusal or refuse_funds(cost, available)
    if refusal is not None:
        return refusal
    return _exchange(Changes(state, command), command.user_id, command.quantity)


def merge(state: MarketState, command: MergeSets) -> Changes | Refusal:
    """Take one free share of each outcome per set and pay their price out of collateral."""
    refusal = refuse_sets(state, command.quantity)
    for outcome in range(state.rules.outcomes):
        refusal = refusal or refuse_free_shares(state, command.user_id, outcome, command.quantity)
    if refusal is not None:
        return refusal
    return _exchange(Changes(state, command), command.user_id, -command.quantity)


def _exchange(changes: Changes, user_id: int, sets: int) -> Changes:
    changes.pay(user_id, -sets * PAYOUT_PER_LOT)
    changes.pay(COLLATERAL, sets * PAYOUT_PER_LOT)
    for outcome in range(changes.state.rules.outcomes):
        changes.give_shares(user_id, outcome, sets)
    return changes
