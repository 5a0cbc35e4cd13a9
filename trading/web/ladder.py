"""The order book as a ladder of whole cents: resting orders and what the maker rule offers, together.

Reason     A market with a maker rule trades at any size though nothing may rest in its book; a ladder of resting
           orders alone would look empty. ``static/js/lib/ladder.js`` draws the same rows from the stream.
Bound      For reading only: the maker's part is computed in floating point and never reaches an order.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from math import log
from typing import Final

from trading.selectors.books import BookLevel

ROWS: Final = 6
_TICKS_PER_CENT: Final = 100
_PPM_PER_CENT: Final = 10_000


@dataclass(frozen=True, slots=True)
class LadderRow:
    """``quantity`` lots at this cent, ``total`` with all better ones, ``share`` in percent of the deepest total."""

    cents: int
    quantity: int
    total: int
    share: int


@dataclass(frozen=True, slots=True)
class Ladder:
    """Asks from the dearest down, bids from the dearest down: as they stand on the page."""

    asks: tuple[LadderRow, ...]
    bids: tuple[LadderRow, ...]


def ladder(bids: Sequence[BookLevel], asks: Sequence[BookLevel], *, price: int | None, liquidity: int) -> Ladder:
    """``price`` of the outcome in 1/1,000,000; ``liquidity`` (b of the maker rule) in lots, 0 for none."""
    above, below = _resting(asks, round_up=True), _resting(bids, round_up=False)
    if price is not None and liquidity and 0 < price < 1_000_000:
        _offer(above, price, liquidity, step=1)
        _offer(below, price, liquidity, step=-1)
    best_asks = sorted(above.items())[:ROWS]
    best_bids = sorted(below.items(), reverse=True)[:ROWS]
    deepest = max((sum(lots for _, lots in side) for side in (best_asks, best_bids)), default=0)
    return Ladder(tuple(reversed(_rows(best_asks, deepest))), tuple(_rows(best_bids, deepest)))


def _resting(levels: Sequence[BookLevel], *, round_up: bool) -> dict[int, int]:
    sizes: dict[int, int] = {}
    for level in levels:
        cents = -(-level.price // _TICKS_PER_CENT) if round_up else level.price // _TICKS_PER_CENT
        sizes[cents] = sizes.get(cents, 0) + level.quantity
    return sizes


def _offer(sizes: dict[int, int], price: int, liquidity: int, *, step: int) -> None:
    """Add what the maker rule trades until the price has moved to each of the next cents."""
    first = price // _PPM_PER_CENT + 1 if step > 0 else -(-price // _PPM_PER_CENT) - 1
    here = _logit(price / 1_000_000)
    for cents in range(first, first + step * ROWS, step):
        if not 0 < cents < 100:
            return
        there = _logit(cents / 100)
        sizes[cents] = sizes.get(cents, 0) + round(liquidity * abs(there - here))
        here = there


def _logit(probability: float) -> float:
    return log(probability / (1 - probability))


def _rows(side: Sequence[tuple[int, int]], deepest: int) -> list[LadderRow]:
    totals = accumulate(lots for _, lots in side)
    return [
        LadderRow(cents, lots, total, round(100 * total / deepest) if deepest else 0)
        for (cents, lots), total in zip(side, totals, strict=True)
    ]
