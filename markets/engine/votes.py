"""What a committee has decided.

Contract   More than half of the seats have to vote, and more than half of the votes have to say the same; otherwise
           nothing is decided, and staff take over.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

#: Payouts by outcome, and the value of a market with a scale.
Ballot = tuple[tuple[int, ...], str]


@dataclass(frozen=True, slots=True)
class Count:
    """``winner`` is ``None`` when nothing is decided; ``told`` says why or by how many."""

    winner: Ballot | None
    told: str


def count_votes(ballots: Sequence[Ballot], seats: int) -> Count:
    """``ballots`` of those who voted, of a committee of ``seats``."""
    votes = len(ballots)
    if 2 * votes <= seats:
        return Count(None, f"Only {votes} of {seats} members of the committee voted; more than half have to.")
    winner, most = Counter(ballots).most_common(1)[0]
    if 2 * most <= votes:
        return Count(None, f"The committee is divided: no result has more than half of {votes} votes.")
    return Count(winner, f"The committee decided by {most} of {votes} votes, {seats} seats.")
