"""Counting by table, and against a slow count."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from markets.engine.votes import Ballot, count_votes

YES: Ballot = ((10_000, 0), "")
NO: Ballot = ((0, 10_000), "")
HALF: Ballot = ((5_000, 5_000), "")


@pytest.mark.parametrize(
    ("ballots", "seats", "winner", "word"),
    [
        ([], 3, None, "Only 0 of 3"),
        ([YES], 3, None, "Only 1 of 3"),
        ([YES, YES], 4, None, "Only 2 of 4"),
        ([YES, YES], 3, YES, "2 of 2 votes, 3 seats"),
        ([YES, NO], 3, None, "divided"),
        ([YES, NO, YES], 5, YES, "2 of 3 votes"),
        ([YES, NO, HALF], 3, None, "divided"),
        ([YES, YES, NO, NO], 4, None, "divided"),
    ],
)
def test_counting(ballots: list[Ballot], seats: int, winner: Ballot | None, word: str) -> None:
    count = count_votes(ballots, seats)
    assert count.winner == winner
    assert word in count.told


@given(st.lists(st.sampled_from([YES, NO, HALF]), max_size=25), st.integers(3, 25))
def test_a_winner_has_more_than_half(ballots: list[Ballot], seats: int) -> None:
    ballots = ballots[:seats]
    found = count_votes(ballots, seats).winner
    with_majority = [one for one in (YES, NO, HALF) if sum(ballot == one for ballot in ballots) > len(ballots) / 2]
    expected = with_majority[0] if with_majority and len(ballots) > seats / 2 else None
    assert found == expected
