"""Liquidity of the maker rule, added and withdrawn by anybody at the prices of the moment.

The rule owns cash K and ``s_i = max(q) - q_i`` shares of each outcome. Raising b to b' multiplies everything that it
owns by b' / b, which leaves every price where it is, as ``p_i`` depends on ``s_i / b`` alone:

    s_i' = s_i b' / b       K' = K b' / b       price of adding = K' - K + max(s_i' - s_i) credits

The provider buys ``max(s_i' - s_i)`` complete sets, gives the rule the shares that it needs of each outcome and keeps
the others. Of the b of the rule, the part that one has added is one's own part of K and of every ``s_i``: that is
what a withdrawal gets, and at settlement the same part of what is left.

Contract   Shares are rounded up to the lot grid in the rule's favour and cash too, so whoever moves never takes from
           those who stay: neither K / b nor ``s_i / b`` falls by any change. Log-odds move by less than a lot over b'.
Invariant  ``K >= C(q) - max(q)`` before and after, that is the rule's loss is bounded by what was put in.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from common.money import PAYOUT_PER_LOT, format_quantity
from trading.engine import lmsr
from trading.engine.changes import Changes
from trading.engine.risk import refuse_funds, refuse_sets
from trading.engine.state import MarketState
from trading.types import COLLATERAL, MAKER, AddLiquidity, Provision, Refusal, WithdrawLiquidity

#: Above it the arithmetic error of a price would grow to units that one sees: 100 million shares.
LIQUIDITY_MAX: Final = 10**12


def add(state: MarketState, command: AddLiquidity, available: int) -> Changes | Refusal:
    """Take the provider's part of cash and shares into the rule, and raise b."""
    refusal = _refuse(state, command.quantity)
    if refusal is not None:
        return refusal
    provision = provision_of(state, command.quantity)
    cost = provision.cash + provision.sets * PAYOUT_PER_LOT
    refusal = refuse_funds(cost, available)
    return refusal or _carry_out(Changes(state, command), command.user_id, provision)


def withdraw(state: MarketState, command: WithdrawLiquidity) -> Changes | Refusal:
    """Hand out the provider's part of cash and shares, and lower b."""
    refusal = _refuse(state, command.quantity)
    own = state.providers.get(command.user_id, 0)
    if refusal is None and command.quantity > own:
        refusal = Refusal(
            "liquidity.not_provided",
            f"You provide {format_quantity(own)} and this withdraws {format_quantity(command.quantity)}; lower it.",
            "/quantity",
            {"available": format_quantity(own), "required": format_quantity(command.quantity)},
        )
    return refusal or _carry_out(Changes(state, command), command.user_id, provision_of(state, -command.quantity))


def provision_of(state: MarketState, lots: int) -> Provision:
    """What raising b by ``lots`` moves, or lowering it when negative; rounded against whoever moves."""
    rules, cash = state.rules, state.maker_cash
    b, after = rules.liquidity, rules.liquidity + lots
    top = max(state.maker_quantities)
    owned = [top - sold for sold in state.maker_quantities]
    kept = [_scaled(one, after, b, rules.lot) for one in owned]
    missing = lmsr.reserve([top - one for one in kept], after) - cash
    sets = max(new - old for new, old in zip(kept, owned, strict=True))
    return Provision(
        lots=lots,
        liquidity=after,
        cash=max(-(-cash * lots // b), missing),
        sets=max(sets, 0),
        shares=tuple([max(sets, 0) - (new - old) for new, old in zip(kept, owned, strict=True)]),
    )


def carry_over(state: MarketState, user_id: int, provision: Provision) -> None:
    """Set b and the provider's part of it as they are after ``provision``."""
    state.rules = replace(state.rules, liquidity=provision.liquidity)
    own = state.providers.pop(user_id, 0) + provision.lots
    if own:
        state.providers[user_id] = own


def claims(pool: int, providers: Sequence[tuple[int, int]], liquidity: int) -> dict[int, int]:
    """What each of (user id, lots) gets of what the rule has left, rounded down; the rest is the subsidy's."""
    return {user_id: amount for user_id, lots in providers if (amount := pool * lots // liquidity)}


def _refuse(state: MarketState, quantity: int) -> Refusal | None:
    refusal = refuse_sets(state, quantity)
    if refusal is not None:
        return refusal
    if not state.rules.liquidity:
        detail = "This market has no maker rule, so there is nothing to add to; place limit orders instead."
        return Refusal("liquidity.no_maker_rule", detail)
    if state.rules.liquidity + quantity > LIQUIDITY_MAX:
        most = format_quantity(max(LIQUIDITY_MAX - state.rules.liquidity, 0))
        return Refusal("liquidity.too_much", f"At most {most} more fits the maker rule; lower it.", "/quantity")
    return None


def _scaled(shares: int, after: int, before: int, lot: int) -> int:
    """``shares * after / before``, up to the next multiple of ``lot``."""
    return -(-shares * after // (before * lot)) * lot


def _carry_out(changes: Changes, user_id: int, provision: Provision) -> Changes:
    state, sets = changes.state, provision.sets
    changes.pay(user_id, -provision.cash - sets * PAYOUT_PER_LOT)
    changes.pay(MAKER, provision.cash)
    if sets:
        changes.pay(COLLATERAL, sets * PAYOUT_PER_LOT)
    for outcome, given in enumerate(provision.shares):
        taken = sets - given
        if given:
            changes.give_shares(user_id, outcome, given)
        if taken:
            changes.effects.shares[MAKER, outcome] = taken
            state.maker_quantities[outcome] -= taken
    carry_over(state, user_id, provision)
    changes.effects.provision = provision
    return changes
