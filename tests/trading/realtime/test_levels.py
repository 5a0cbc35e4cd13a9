from zlib import crc32

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trading.realtime.levels import Levels


def make_levels(rows: list[tuple[int, str, int, int]] | None = None, *, seq: int = 0) -> Levels:
    return Levels(("yes", "no"), is_binary=True, seq=seq, rows=rows or [])


def test_a_snapshot_is_best_price_first() -> None:
    levels = make_levels(
        [(0, "buy", 6000, 10_000), (0, "buy", 6100, 250_000), (0, "sell", 6400, 1), (0, "sell", 6300, 105_000)]
    )
    assert levels.document() == {
        "books": [
            {
                "outcome": "yes",
                "bids": [("0.6100", "25"), ("0.6000", "1")],
                "asks": [("0.6300", "10.5"), ("0.6400", "0.0001")],
            }
        ],
        "checksum": levels.checksum,
    }


def test_the_checksum_is_the_documented_one() -> None:
    assert make_levels().checksum == 0
    levels = make_levels([(0, "buy", 6100, 250_000), (0, "sell", 6300, 105_000)])
    assert levels.checksum == crc32(b"yes bid 0.6100 25") ^ crc32(b"yes ask 0.6300 10.5")


def test_changes_add_up_and_empty_levels_leave() -> None:
    levels = make_levels([(0, "buy", 6100, 250_000)], seq=5)
    levels.apply(6, [(0, "buy", 6100, -50_000), (0, "sell", 6200, 10_000)])
    assert levels.document()["books"][0]["bids"] == [("0.6100", "20")]
    levels.apply(7, [(0, "buy", 6100, -200_000), (0, "sell", 6200, -10_000)])
    assert levels.document() == {"books": [{"outcome": "yes", "bids": [], "asks": []}], "checksum": 0}
    assert levels.seq == 7


def test_records_that_are_counted_already_are_skipped_and_gaps_refused() -> None:
    levels = make_levels([(0, "buy", 6100, 250_000)], seq=5)
    levels.apply(5, [(0, "buy", 6100, 10_000)])
    assert levels.document()["books"][0]["bids"] == [("0.6100", "25")]
    with pytest.raises(AssertionError):
        levels.apply(7, [])
    with pytest.raises(AssertionError):
        levels.apply(6, [(0, "buy", 6100, -250_001)])


@given(
    st.lists(
        st.tuples(st.sampled_from([0, 1, 2]), st.sampled_from(["buy", "sell"]), st.integers(1, 20), st.integers(1, 9))
    ),
)
def test_the_order_of_changes_does_not_matter(rows: list[tuple[int, str, int, int]]) -> None:
    one = Levels(("a", "b", "c"), is_binary=False, seq=0, rows=rows)
    other = Levels(("a", "b", "c"), is_binary=False, seq=0, rows=reversed(rows))
    assert one.document() == other.document()
