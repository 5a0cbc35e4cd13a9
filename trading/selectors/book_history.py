"""The book of a market as it was, at a ``seq`` or a time.

Contract   Exactly what ``GET /markets/{id}/book`` answered then, or would have.
Bound      Two or three statements and what the journal says since the snapshot before, however long the journal is.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from common import clock
from common.money import PRICE_SCALE
from markets.errors import JournalNotYet
from markets.selectors.journal_levels import PastSizes, Sizes, sizes_at_seq, sizes_at_time
from trading.selectors.books import BookLevel, BookView, OutcomeBook
from trading.selectors.rows import fetch_one

_MARKET: Final = """
SELECT h.seq, m.kind = 'binary',
       ARRAY(SELECT o.slug::text FROM markets_outcome o WHERE o.market_id = m.id ORDER BY o.index),
       ARRAY(SELECT o.name::text FROM markets_outcome o WHERE o.market_id = m.id ORDER BY o.index)
FROM markets_market m JOIN markets_markethead h ON h.market_id = m.id
WHERE m.id = %(market_id)s
"""


@dataclass(frozen=True, slots=True)
class PastBook:
    """``at`` is when the record ``view.seq`` was written."""

    view: BookView
    at: datetime


def book_at(market_id: int, at: int | datetime, *, depth: int) -> PastBook | None:
    """The best ``depth`` levels a side after record ``at``, or after the last one of that time or earlier.

    ``None`` when there is no such market.

    Raises: JournalNotYet, JournalBeforeMarket, JournalNotKept
    """
    row = fetch_one(_MARKET, {"market_id": market_id})
    if row is None:
        return None
    head, is_binary, slugs, names = row
    past = _past(market_id, at, head)
    sides = [
        _Sides(past.sizes, 0 if is_binary else index, depth, is_binary and index == 1) for index in range(len(slugs))
    ]
    books = tuple(
        OutcomeBook(index, slug, name, of.bids, of.asks)
        for index, (slug, name, of) in enumerate(zip(slugs, names, sides, strict=True))
    )
    return PastBook(BookView(market_id, past.seq, books), past.at)


def _past(market_id: int, at: int | datetime, head: int) -> PastSizes:
    if isinstance(at, int):
        if at > head:
            raise JournalNotYet(f"The newest record is {head}. Ask for that or an earlier one.", field="/at")
        return sizes_at_seq(market_id, at)
    if at > clock.now():
        raise JournalNotYet("That time is still to come. Ask for an earlier one.", field="/at")
    return sizes_at_time(market_id, at, head=head)


class _Sides:
    """Bids and asks of one outcome; ``is_mirrored`` is "no" of a binary market: "yes" from the other side."""

    def __init__(self, sizes: Sizes, outcome: int, depth: int, is_mirrored: bool) -> None:
        bids, asks = _best(sizes, outcome, "buy", depth), _best(sizes, outcome, "sell", depth)
        self.bids, self.asks = (_mirrored(asks), _mirrored(bids)) if is_mirrored else (bids, asks)


def _best(sizes: Sizes, outcome: int, side: str, depth: int) -> tuple[BookLevel, ...]:
    levels = [BookLevel(price, size) for (o, s, price), size in sizes.items() if (o, s) == (outcome, side)]
    levels.sort(key=lambda level: level.price, reverse=side == "buy")
    return tuple(levels[:depth])


def _mirrored(levels: tuple[BookLevel, ...]) -> tuple[BookLevel, ...]:
    return tuple(BookLevel(PRICE_SCALE - level.price, level.quantity) for level in levels)
