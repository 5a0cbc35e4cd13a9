"""What everybody had earned in one market at the end of each day, from what moved.

Contract   Pure. Cash units; shares in lots at prices in 1/1,000,000, each outcome rounded down, as in the marks of
           the hour. A day without a move is worth what its prices make of the day before.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta


@dataclass(slots=True)
class DayMoves:
    """What one person got (or paid) in one day: ``shares`` by outcome."""

    cash: int = 0
    shares: dict[int, int] = field(default_factory=dict)


def day_profits(
    moves: Mapping[date, DayMoves], prices: Mapping[date, Sequence[int]], last: date
) -> Iterator[tuple[date, int]]:
    """One person's profit at the end of every day from the first move to ``last``; ``prices`` at the ends of days."""
    cash, held = 0, dict[int, int]()
    day = min(moves)
    now: Sequence[int] = _prices_before(prices, day)
    while day <= last:
        now = prices.get(day, now)
        if moved := moves.get(day):
            cash += moved.cash
            for outcome, lots in moved.shares.items():
                held[outcome] = held.get(outcome, 0) + lots
        yield day, cash + sum(lots * now[outcome] // 100 for outcome, lots in held.items())
        day += timedelta(days=1)


def _prices_before(prices: Mapping[date, Sequence[int]], day: date) -> Sequence[int]:
    known = [one for one in prices if one <= day]
    return prices[max(known)] if known else ()
