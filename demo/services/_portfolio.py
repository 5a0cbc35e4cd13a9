"""What the people of the demo did before you came: some positions, and orders that wait."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from demo.types import Wish


@dataclass(frozen=True, slots=True)
class PastOrder:
    """``wish`` of ``handle`` in the market with that ``slug``, so long ago."""

    handle: str
    slug: str
    age: timedelta
    wish: Wish


def _order(handle: str, slug: str, hours: int, wish: Wish) -> PastOrder:
    return PastOrder(handle, slug, timedelta(hours=hours), wish)


PAST_ORDERS: Final = (
    _order("alice", "artemis-lands-before-2029", 50, Wish(0, is_buy=True, shares=60)),
    _order("bob", "artemis-lands-before-2029", 22, Wish(1, is_buy=True, shares=45)),
    _order("alice", "artemis-lands-before-2029", 9, Wish(0, is_buy=False, shares=20)),
    _order("alice", "nobel-physics-2027-field", 31, Wish(1, is_buy=True, shares=40)),
    _order("alice", "hottest-year-2027", 26, Wish(0, is_buy=True, shares=80)),
    _order("bob", "hottest-year-2027", 5, Wish(0, is_buy=True, shares=50, price=0.15, rests=True)),
    _order("alice", "hottest-year-2027", 3, Wish(1, is_buy=True, shares=30, price=0.4, rests=True)),
    _order("carol", "womens-world-cup-2027-winner", 2, Wish(2, is_buy=True, shares=25)),
)
