"""Marginal prices to show, in 1/1,000,000.

Contract   Of the maker rule if the market has one; else the last trade's, else the middle of the book,
           else an equal share. A binary market's two prices always sum to 1,000,000.
"""

from typing import Final

from common.money import PRICE_SCALE
from trading.engine import lmsr
from trading.engine.state import MarketState

PROBABILITY_SCALE: Final = 1_000_000
_PER_TICK: Final = PROBABILITY_SCALE // PRICE_SCALE


def average_price(cost: int, quantity: int) -> int:
    """Nearest tick, halves upwards."""
    return (2 * cost + quantity) // (2 * quantity)


def marginal_prices(state: MarketState) -> tuple[int, ...]:
    """One price per outcome, in outcome order."""
    rules = state.rules
    if rules.is_binary:
        first = _of_rule(state) if rules.liquidity else _of_book(state, 0)
        return first, PROBABILITY_SCALE - first
    if rules.liquidity:
        return tuple(
            [round(price * PROBABILITY_SCALE) for price in lmsr.prices(state.maker_quantities, rules.liquidity)]
        )
    return tuple([_of_book(state, outcome) for outcome in range(rules.outcomes)])


def _of_rule(state: MarketState) -> int:
    return round(lmsr.price(state.maker_quantities, state.rules.liquidity, 0) * PROBABILITY_SCALE)


def _of_book(state: MarketState, outcome: int) -> int:
    last = state.last_prices[outcome]
    if last is not None:
        return last * _PER_TICK
    book = state.books[outcome]
    bid, ask = book.bids.best_price(), book.asks.best_price()
    if bid is not None and ask is not None:
        return (bid + ask) * _PER_TICK // 2
    return PROBABILITY_SCALE // state.rules.outcomes
