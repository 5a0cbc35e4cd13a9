"""NO on several outcomes of one market, turned into cash and shares of the others.

NO on an outcome pays when any other happens, so it is a share of each of the others. Whoever holds NO on k outcomes
is paid by all of them but at most one: k - 1 credits for certain, and one more if an outcome outside of the k happens.

    k NO  =  k - 1 credits  +  a share of each other outcome

Contract   What is given and what is received are worth the same whatever happens, to the unit: k - 1 complete sets
           are unmade for each NO, at one credit a set out of collateral.
"""

from common.money import PAYOUT_PER_LOT
from trading.engine.changes import Changes
from trading.engine.risk import refuse_free_shares, refuse_sets
from trading.engine.state import MarketState
from trading.types import COLLATERAL, ConvertNo, Refusal


def convert(state: MarketState, command: ConvertNo) -> Changes | Refusal:
    """Unmake the complete sets that ``quantity`` NO on each of the outcomes contain."""
    chosen, quantity = set(command.outcomes), command.quantity
    refusal = _refuse_outcomes(state, command) or refuse_sets(state, quantity)
    for outcome in range(state.rules.outcomes):
        others = len(chosen) - (outcome in chosen)
        refusal = refusal or refuse_free_shares(state, command.user_id, outcome, others * quantity)
    if refusal is not None:
        return refusal
    sets = (len(chosen) - 1) * quantity
    changes = Changes(state, command)
    changes.pay(command.user_id, sets * PAYOUT_PER_LOT)
    changes.pay(COLLATERAL, -sets * PAYOUT_PER_LOT)
    for outcome in range(state.rules.outcomes):
        changes.give_shares(command.user_id, outcome, -sets)
    return changes


def _refuse_outcomes(state: MarketState, command: ConvertNo) -> Refusal | None:
    chosen = set(command.outcomes)
    if state.rules.is_binary:
        detail = "NO on yes is a share of no here; merge complete sets instead."
    elif len(chosen) < 2:
        detail = "Name at least two outcomes; NO on one is worth nothing else."
    elif len(chosen) < len(command.outcomes):
        detail = "Name each outcome once."
    elif not all(0 <= outcome < state.rules.outcomes for outcome in chosen):
        return Refusal("order.outcome_unknown", "This market has no such outcome; choose one it has.", "/outcomes")
    else:
        return None
    return Refusal("order.outcomes_invalid", detail, "/outcomes")
