"""Resting orders that the maker rule has come to cross are filled by it at once.

Why        In a categorical market a trade with the rule moves the prices of all other outcomes, so a
           resting bid may come to lie above the rule's price, or an ask below. In a binary market a
           taker stops at every such order, so nothing is ever due.
           Any command may also uncover an order behind one of a few lots that rounding kept unfilled.
Contract   Outcomes in ascending order, bids before asks, best price first, earliest order first, each
           at the rule's cost and up to the order's own price; rounds until one fills nothing. Such an
           order pays the maker fee at its own price. All its steps together are reported as one fill.
Bound      SWEEP_STEPS_MAX steps a command; what then still crosses continues at the next command.
"""

from typing import Final

from common.money import PRICE_SCALE
from trading.engine import lmsr
from trading.engine.book import BookSide, RestingOrder
from trading.engine.changes import Changes
from trading.engine.execution import reduce_resting, take_rule
from trading.engine.holds import fee_of_resting
from trading.engine.reducing import trim
from trading.types import Side

SWEEP_STEPS_MAX: Final = 100
#: In ticks, far above the arithmetic error of a price; an order this close is looked at more closely.
_PRICE_ERROR: Final = 1e-8


def sweep(changes: Changes) -> None:
    """Fill what crosses the rule, within the bound; a cancel in a halted or ended market fills nothing."""
    state = changes.state
    if state.rules.is_binary or not state.rules.liquidity or not state.is_open:
        return
    fills_before = len(changes.effects.fills)
    prices = lmsr.prices(state.maker_quantities, state.rules.liquidity)
    steps, before = 0, -1
    while before != steps:
        before = steps
        for outcome, book in enumerate(state.books):
            for side in (book.bids, book.asks):
                while _may_cross(side, prices[outcome]) and steps < SWEEP_STEPS_MAX and _fill_best(changes, side):
                    prices = lmsr.prices(state.maker_quantities, state.rules.liquidity)
                    steps += 1
    if steps:
        changes.join_fills(fills_before)


def _may_cross(side: BookSide, price: float) -> bool:
    """False when the rule's price is surely no better than the best order's: that is cheap to tell."""
    best = side.best_price()
    return best is not None and best * side.sign > price * PRICE_SCALE * side.sign - _PRICE_ERROR


def _fill_best(changes: Changes, side: BookSide) -> bool:
    """Fill the first order of the best level as far as the rule is better than its price."""
    level = next(side.best_first(), None)
    if level is None:
        return False
    order = next(iter(level.orders.values()))
    state = changes.state
    b, q, sign = state.rules.liquidity, state.maker_quantities, 1 if order.side is Side.BUY else -1
    quantity = min(sign * lmsr.lots_to_price(q, b, order.outcome, order.price), order.remaining)
    quantity -= quantity % state.rules.lot
    if quantity <= 0:
        return False
    cost = lmsr.cost_of(q, b, order.outcome, sign * quantity)
    # A few lots can come out worse than the order's price, by rounding.
    if cost > sign * order.price * quantity:
        return False
    _fill(changes, order, quantity, sign * cost)
    return True


def _fill(changes: Changes, order: RestingOrder, quantity: int, cost: int) -> None:
    fee = fee_of_resting(changes.state.rules, order, quantity)
    reduce_resting(changes, order, quantity)
    take_rule(changes, order, quantity, cost, fee)
    if changes.state.reducing:
        trim(changes)
