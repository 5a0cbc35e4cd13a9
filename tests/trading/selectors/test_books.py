from collections.abc import Iterator

import pytest
from pytest_django import DjangoAssertNumQueries

from tests.factories.rows import row_event, row_market, row_order, row_user
from trading.selectors.books import BookLevel, BookView, OutcomeBook, book_view, forget_books
from trading.selectors.market_pulse import forget_seqs

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _no_books() -> Iterator[None]:
    forget_books()
    forget_seqs()
    yield
    forget_books()
    forget_seqs()


def test_unknown_market() -> None:
    assert book_view(1) is None


def test_levels_are_sums_and_no_is_derived() -> None:
    market, alice = row_market(), row_user("alice")
    row_order(market, alice, price=6_000, quantity=100)
    row_order(market, alice, price=6_000, quantity=50, filled=20)
    row_order(market, alice, price=5_900, quantity=1)
    row_order(market, alice, outcome=1, price=3_500, quantity=7)
    row_order(market, alice, price=6_100, quantity=9, status="cancelled")
    bids, asks = (BookLevel(6_000, 130), BookLevel(5_900, 1)), (BookLevel(6_500, 7),)
    assert book_view(market.id) == BookView(
        market.id,
        0,
        (
            OutcomeBook(0, "yes", "Yes", bids, asks),
            OutcomeBook(1, "no", "No", (BookLevel(3_500, 7),), (BookLevel(4_000, 130), BookLevel(4_100, 1))),
        ),
    )
    view = book_view(market.id, depth=1)
    assert view is not None
    assert view.outcomes[0].bids == bids[:1]


def test_a_known_book_is_brought_forward_by_the_journal_alone(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    market = row_market(outcomes=("Red", "Green", "Blue"))
    assert book_view(market.id) is not None
    row_event(market, l=[[0, "buy", 6_000, 100], [2, "sell", 7_000, 5]])
    row_event(market, l=[[0, "buy", 6_000, -40], [2, "sell", 7_000, -5]])
    with django_assert_num_queries(0):  # a prepared statement, which Django doesn't see
        view = book_view(market.id)
    assert view is not None
    assert (view.seq, view.outcomes[0].bids, view.outcomes[2].asks) == (2, (BookLevel(6_000, 60),), ())


def test_a_change_of_the_lifecycle_sums_anew() -> None:
    market, alice = row_market(), row_user("alice")
    order = row_order(market, alice)
    assert book_view(market.id) is not None
    order.status = "cancelled"
    order.save(update_fields=["status"])
    row_event(market, kind="settled")
    view = book_view(market.id)
    assert view is not None
    assert (view.seq, view.outcomes[0].bids) == (1, ())


def test_drafts_have_no_book() -> None:
    assert book_view(row_market(status="draft").id) is None
