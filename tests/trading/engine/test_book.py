"""The order of a book under adding, filling and cancelling."""

from hypothesis import given
from hypothesis import strategies as st

from trading.engine.book import Book, RestingOrder
from trading.types import OrderSpec, OrderType, Side, TimeInForce


def resting(order_id: int, side: Side, price: int, quantity: int) -> RestingOrder:
    spec = OrderSpec(1, 0, side, OrderType.LIMIT, TimeInForce.GTC, price, quantity)
    return RestingOrder(order_id, 1, 0, side, price, quantity, 0, 0, 0, 0, 0, spec)


@given(
    st.sampled_from(Side),
    st.lists(st.tuples(st.integers(1, 30), st.integers(1, 9), st.sampled_from(("keep", "cut", "cancel", "fill")))),
)
def test_a_side_is_sorted_by_price_then_order(side: Side, entries: list[tuple[int, int, str]]) -> None:
    book = Book()
    orders = [resting(number, side, price, quantity + 1) for number, (price, quantity, _) in enumerate(entries)]
    for order in orders:
        book.side(side).add(order)
    left = []
    for order, (_, _, fate) in zip(orders, entries, strict=True):
        if fate == "cancel":
            book.side(side).remove(order)
        elif fate == "fill":
            book.side(side).reduce(order, order.quantity)
        else:
            book.side(side).reduce(order, 1 if fate == "cut" else 0)
            left.append(order)
    best_last = 1 if side is Side.SELL else -1
    expected = sorted(left, key=lambda order: (best_last * order.price, order.order_id))
    levels = list(book.side(side).best_first())
    assert [order for level in levels for order in level.orders.values()] == expected
    assert all(level.size == sum(order.remaining for order in level.orders.values()) for level in levels)
    assert book.side(side).best_price() == (expected[0].price if expected else None)
    assert book.side(side.opposite).best_price() is None
