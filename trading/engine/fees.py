"""Fees of ``rate x p x (1 - p)`` per share, rounded up once per order, not once per fill.

Contract   ``bps`` is the rate in 1/10,000. Exact fees are integers in 1/100,000,000 of a cash unit.
           A taker's fee after any number of fills is the ceiling of the exact sum. A resting order
           pays the maker rate at its own price; what it paid and what it may still have to pay
           always add up to the ceiling for what it had when it came to rest.
Bound      With a rate of at most 100 %, a fee never exceeds what the same fill brings a seller.
"""

from typing import Final

from common.money import PAYOUT_PER_LOT, PRICE_SCALE

FEE_SCALE: Final = 10_000 * PRICE_SCALE


def exact_fee(bps: int, price: int, quantity: int) -> int:
    """Unrounded fee at one price, in 1/FEE_SCALE cash units."""
    return bps * price * (PRICE_SCALE - price) * quantity


def exact_fee_of_cost(bps: int, cost: int, quantity: int) -> int:
    """Unrounded fee at the average price ``cost / quantity``, in 1/FEE_SCALE cash units, rounded up."""
    payout = quantity * PAYOUT_PER_LOT
    return -(-bps * cost * (payout - cost) * 10_000 // payout)


def rounded_up(exact: int) -> int:
    """The fee in cash units that an exact sum amounts to."""
    return -(-exact // FEE_SCALE)


def maker_fee_bound(bps: int, price: int, remaining: int) -> int:
    """The most a resting order can still have to pay; falls by exactly the fee at each fill."""
    return -(-bps * price * (PRICE_SCALE - price) * remaining // FEE_SCALE) if bps else 0
