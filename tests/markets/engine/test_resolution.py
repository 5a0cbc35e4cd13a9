import pytest
from hypothesis import given
from hypothesis import strategies as st

from markets.engine.resolution import check_payouts, winner_payouts
from markets.errors import ResolutionInvalid


@pytest.mark.parametrize("payouts", [(10_000, 0), (0, 10_000), (3_000, 7_000)])
def test_right_payouts(payouts: tuple[int, ...]) -> None:
    assert check_payouts(list(payouts), 2) == payouts


@pytest.mark.parametrize(
    ("payouts", "message"),
    [
        ((), "one payout for each"),
        ((10_000,), "one payout for each"),
        ((10_000, 0, 0), "one payout for each"),
        ((9_999, 0), "exactly 1 credit"),
        ((10_001, 0), "exactly 1 credit"),
        ((10_001, -1), "0 or more"),
        ((5_000.0, 5_000), "0 or more"),
        ((True, 9_999), "0 or more"),
    ],
)
def test_wrong_payouts(payouts: tuple[int, ...], message: str) -> None:
    with pytest.raises(ResolutionInvalid, match=message):
        check_payouts(payouts, 2)


@given(st.integers(2, 100), st.data())
def test_a_winner_takes_all(outcomes: int, data: st.DataObject) -> None:
    winner = data.draw(st.integers(0, outcomes - 1))
    payouts = winner_payouts(winner, outcomes)
    assert check_payouts(payouts, outcomes) == payouts
    assert payouts[winner] == 10_000


@pytest.mark.parametrize("winner", [-1, 2])
def test_a_winner_is_one_of_the_outcomes(winner: int) -> None:
    with pytest.raises(ResolutionInvalid):
        winner_payouts(winner, 2)
