"""Payout vectors: what one share of each outcome pays, in 1/10,000 credit.

Invariant  A resolution's payouts sum to 10,000, so that what a market holds is exactly what it pays.
"""

from collections.abc import Sequence

from markets.errors import ResolutionInvalid
from markets.types import PAYOUT_TOTAL


def check_payouts(payouts: Sequence[int], outcomes: int) -> tuple[int, ...]:
    """``payouts`` as a tuple; raises ``ResolutionInvalid`` when they don't resolve ``outcomes`` outcomes."""
    if len(payouts) != outcomes:
        raise ResolutionInvalid(
            f"Give one payout for each of the {outcomes} outcomes, not {len(payouts)}.", field="/payouts"
        )
    if any(isinstance(p, bool) or not isinstance(p, int) or p < 0 for p in payouts):
        raise ResolutionInvalid("Each payout must be 0 or more.", field="/payouts")
    if sum(payouts) != PAYOUT_TOTAL:
        raise ResolutionInvalid("The payouts must add up to exactly 1 credit.", field="/payouts")
    return tuple(payouts)


def winner_payouts(winner: int, outcomes: int) -> tuple[int, ...]:
    """The resolution in which the outcome with index ``winner`` happened."""
    if not 0 <= winner < outcomes:
        raise ResolutionInvalid(f"Choose one of the {outcomes} outcomes.", field="/outcome")
    return tuple(PAYOUT_TOTAL if index == winner else 0 for index in range(outcomes))
