"""The sizes that rest at each price of one market, brought forward change by change.

Invariant  ``checksum`` is the XOR of the CRC-32 of one line for each level (docs/streams.md), so it
           costs two CRCs a change and doesn't depend on an order of levels.
"""

from collections.abc import Iterable, Sequence
from typing import Final
from zlib import crc32

from common.money import format_price, format_quantity
from trading.realtime.shapes import BookSide, BookSnapshot, OutcomeBook
from trading.selectors.stream import LevelRow

SIDE_NAMES: Final[dict[str, BookSide]] = {"buy": "bid", "sell": "ask"}


class Levels:
    """``seq`` is the journal record after which the sizes are exact."""

    def __init__(self, outcomes: tuple[str, ...], *, is_binary: bool, seq: int, rows: Iterable[LevelRow]) -> None:
        # A binary market has one book, that of its first outcome.
        self.outcomes = outcomes[:1] if is_binary else outcomes
        self.seq = seq
        self.checksum = 0
        self._sides: dict[tuple[int, str], dict[int, int]] = {}
        for row in rows:
            self._add(*row)

    def apply(self, seq: int, changes: Iterable[LevelRow]) -> None:
        """Add the signed changes of the record ``seq``; those of records already counted are skipped."""
        if seq <= self.seq:
            return
        assert seq == self.seq + 1, "records arrive without gaps"
        for change in changes:
            self._add(*change)
        self.seq = seq

    def checksums_before(self, records: Sequence[tuple[int, Sequence[LevelRow]]]) -> dict[int, int]:
        """The checksum after each of the newest ``records`` (number and changes, in order, to ``seq``)."""
        book, found = self._copy(), {}
        for seq, changes in reversed(records):
            found[seq] = book.checksum
            for outcome, side, price, change in reversed(changes):
                book._add(outcome, side, price, -change)
        return found

    def _copy(self) -> "Levels":
        book = Levels(self.outcomes, is_binary=False, seq=self.seq, rows=())
        book._sides = {key: dict(sizes) for key, sizes in self._sides.items()}
        book.checksum = self.checksum
        return book

    def document(self) -> BookSnapshot:
        """The data of a ``book.snapshot``."""
        books: list[OutcomeBook] = [
            {"outcome": slug, "bids": self._rows(index, "buy"), "asks": self._rows(index, "sell")}
            for index, slug in enumerate(self.outcomes)
        ]
        return {"books": books, "checksum": self.checksum}

    def _rows(self, outcome: int, side: str) -> list[tuple[str, str]]:
        sizes = self._sides.get((outcome, side), {})
        prices = sorted(sizes, reverse=side == "buy")
        return [(format_price(price), format_quantity(sizes[price])) for price in prices]

    def _add(self, outcome: int, side: str, price: int, change: int) -> None:
        sizes = self._sides.setdefault((outcome, side), {})
        before = sizes.get(price, 0)
        after = before + change
        assert after >= 0, "the journal takes away only what rests"
        self.checksum ^= self._line(outcome, side, price, before) ^ self._line(outcome, side, price, after)
        if after:
            sizes[price] = after
        else:
            sizes.pop(price, None)

    def _line(self, outcome: int, side: str, price: int, size: int) -> int:
        if not size:
            return 0
        text = f"{self.outcomes[outcome]} {SIDE_NAMES[side]} {format_price(price)} {format_quantity(size)}"
        return crc32(text.encode())
