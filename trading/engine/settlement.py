"""What everyone gets when a market is over.

Contract   ``settle`` and ``refund`` hand out all of the collateral, to the unit, and nothing else.
           Collateral is ``sets x payout``: as every set has one share of each outcome and the payouts of a
           set sum to one credit, positions are always worth exactly what is there.
"""

from collections.abc import Mapping, Sequence

from common.money import PAYOUT_PER_LOT


def payout_of(payouts: Sequence[int], shares: Sequence[int]) -> int:
    """Cash for one party's ``shares`` (lots per outcome) at ``payouts`` (ticks per outcome)."""
    return sum(payout * lots for payout, lots in zip(payouts, shares, strict=True))


def settle(payouts: Sequence[int], holdings: Mapping[tuple[int, int], int], collateral: int) -> dict[int, int]:
    """Cash by party (user id or MAKER) for lots by (party, outcome).

    ``payouts`` in ticks sum to 10,000: ``[10000, 0]`` is a plain yes, ``[3000, 7000]`` a partial one.
    """
    assert sum(payouts) == PAYOUT_PER_LOT, "a set pays exactly one credit"
    assert all(payout >= 0 for payout in payouts)
    cash: dict[int, int] = {}
    for (party, outcome), lots in holdings.items():
        cash[party] = cash.get(party, 0) + lots * payouts[outcome]
    assert sum(cash.values()) == collateral, "collateral backs every share"
    return {party: amount for party, amount in cash.items() if amount}


def refund(paid_in: Mapping[int, int], available: int) -> dict[int, int]:
    """Cash by trader of a void market: what each has net put in, pro rata if ``available`` falls short.

    ``paid_in`` is what a trader paid in cash for trades, sets and fees less what they received; who took out more
    than they put in keeps it. Rounded by largest remainder, ties to the lowest user id, so
    ``sum(result) == min(available, what is owed)``.
    """
    owed = {user_id: amount for user_id, amount in paid_in.items() if amount > 0}
    total = sum(owed.values())
    if total <= available:
        return owed
    return _shared_out(owed, total, available)


def _shared_out(owed: Mapping[int, int], total: int, available: int) -> dict[int, int]:
    shares = {user_id: divmod(amount * available, total) for user_id, amount in owed.items()}
    cash = {user_id: whole for user_id, (whole, _) in shares.items()}
    units_left = available - sum(cash.values())
    by_remainder = sorted(shares, key=lambda user_id: (-shares[user_id][1], user_id))
    for user_id in by_remainder[:units_left]:
        cash[user_id] += 1
    return cash


def summed(*lists: Sequence[Sequence[int]]) -> list[list[int]]:
    """Amounts by party of several such lists together, by party; those that come to nothing left out."""
    sums: dict[int, int] = {}
    for rows in lists:
        for party, amount in rows:
            sums[party] = sums.get(party, 0) + amount
    return sorted([party, amount] for party, amount in sums.items() if amount)
