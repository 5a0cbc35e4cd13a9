"""The history of one source folder: ``markets.csv``, ``prices.csv`` and, where there were trades, ``trades.csv``.

Contract   All of a folder is read and checked before anything is stored. ``read_folder`` answers what it
           holds or every mistake in it, by file and line; never a part of it.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Final

from trading.services import _history_fields as fields
from trading.services._history_table import Mistake, Row, note, read_table

_MARKET_COLUMNS: Final = ("market_id", "source", "question", "outcome", "mechanism")
_PRICE_COLUMNS: Final = ("market_id", "timestamp", "price")
_TRADE_COLUMNS: Final = ("market_id", "trade_id", "timestamp", "trader_id", "side", "shares", "price_after")
_EPOCH: Final = fields.moment("1970-01-01")
_AFTER_LAST_TRADE: Final = timedelta(seconds=1)
_SIDES: Final = {"buy": 1, "sell": -1}


@dataclass(frozen=True, slots=True)
class PricePoint:
    """``price`` of yes in 1/1,000,000. ``volume`` so far in the source's unit, ``spread`` between the best offers of
    both sides as a share of 1; ``is_phase``: the source gave a date and a numbered phase, no clock time."""

    at: datetime
    price: int
    volume: float | None = field(default=None, compare=False)
    spread: float | None = field(default=None, compare=False)
    is_phase: bool = field(default=False, compare=False)


@dataclass(frozen=True, slots=True)
class HistoryTrade:
    """``shares`` of yes, negative for a sale, ``None`` where the source doesn't give them."""

    line: int
    trade_id: str
    at: datetime
    trader_id: str
    shares: Decimal | None
    price_after: int
    cost: Decimal | None = field(default=None, compare=False)


@dataclass(slots=True)
class HistoryMarket:
    """``payouts`` in 1/10,000 per outcome (yes, no), ``None`` for void. Prices and trades in time order.

    ``known_from``: the first moment at which the answer may have been public; a bare date is its start.
    """

    line: int
    source: str
    source_id: str
    question: str
    category: str
    event_group: str
    licence: str
    mechanism: str
    volume: str
    payouts: tuple[int, int] | None
    created: datetime | None
    closed: datetime | None
    resolved: datetime | None
    known_from: datetime | None = None
    prices: list[PricePoint] = field(default_factory=list)
    trades: list[HistoryTrade] = field(default_factory=list)

    @property
    def opens_at(self) -> datetime:
        """The first thing known of the market; a price from before its creation belongs to it as well."""
        known = [self.created, *(p.at for p in self.prices[:1]), *(t.at for t in self.trades[:1])]
        return min((at for at in known if at), default=self.closes_at)

    @property
    def closes_at(self) -> datetime:
        """A question that was answered early closed then, whatever was planned."""
        planned = min((at for at in (self.closed, self.resolved) if at), default=None)
        # No order is accepted at the very moment of closing, but sources close with the last trade.
        trades = [trade.at + _AFTER_LAST_TRADE for trade in self.trades[-1:]]
        known = [planned, *(p.at for p in self.prices[-1:]), *trades]
        return max((at for at in known if at), default=_EPOCH)

    @property
    def resolves_at(self) -> datetime:
        return max(self.resolved or self.closes_at, self.closes_at)


class HistoryMistakes(Exception):
    """A folder that isn't loaded, with every reason in file and line order."""

    def __init__(self, mistakes: list[Mistake]) -> None:
        super().__init__(f"{len(mistakes)} mistakes")
        self.mistakes = sorted(mistakes)


def source_folders(directory: Path) -> list[Path]:
    """``directory`` itself if it is a source folder, else those directly in it, by name."""
    if (directory / "markets.csv").is_file():
        return [directory]
    return sorted(path.parent for path in directory.glob("*/markets.csv"))


def read_folder(folder: Path) -> list[HistoryMarket]:
    """Every market of ``folder`` in file order. Raises ``HistoryMistakes``."""
    mistakes: list[Mistake] = []
    markets, known = _markets(folder / "markets.csv", mistakes)
    _add_prices(folder / "prices.csv", markets, known, mistakes)
    if (folder / "trades.csv").exists():
        _add_trades(folder / "trades.csv", markets, known, mistakes)
    if mistakes:
        raise HistoryMistakes(mistakes)
    for market in markets.values():
        # Stable: rows of the same moment stay in file order.
        market.prices.sort(key=lambda point: point.at)
        market.trades.sort(key=lambda trade: trade.at)
    return list(markets.values())


def _markets(path: Path, mistakes: list[Mistake]) -> tuple[dict[str, HistoryMarket], set[str]]:
    """Good markets by id, and all ids, so that rows of a bad market aren't called unknown."""
    markets: dict[str, HistoryMarket] = {}
    lines: dict[str, int] = {}
    for row in read_table(path, _MARKET_COLUMNS, mistakes):
        market = _market(row)
        if market.source_id in lines:
            row.reasons.append(
                f"market_id {fields.shown(market.source_id)} is already on line {lines[market.source_id]}"
            )
        lines.setdefault(market.source_id, row.line)
        if not note(path, row, mistakes):
            markets[market.source_id] = market
    return markets, set(lines)


def _market(row: Row) -> HistoryMarket:
    created = row.read_optional("created", fields.moment, None)
    market = HistoryMarket(
        line=row.line,
        source=row.read("source", partial(fields.text, length_max=60), ""),
        source_id=row.read("market_id", partial(fields.text, length_max=120), row.get("market_id")),
        question=row.read("question", partial(fields.text, length_min=10, length_max=2_000), ""),
        category=row.read("category", partial(fields.optional_text, length_max=60), ""),
        event_group=row.read("event_group", partial(fields.optional_text, length_max=80), ""),
        licence=row.read("shareable", partial(fields.optional_text, length_max=200), ""),
        mechanism=row.read("mechanism", partial(fields.text, length_max=100), ""),
        volume=_volume(row),
        payouts=row.read("outcome", fields.payouts, None),
        created=created,
        closed=row.read_optional("closed", fields.end_of, None),
        resolved=row.read_optional("resolved", fields.end_of, None),
        known_from=_known_from(row),
    )
    if created and market.closed and market.closed < created:
        row.reasons.append("closed is before created")
    return market


def _known_from(row: Row) -> datetime | None:
    if row.reasons:
        # Told once is enough.
        return None
    stamps = (row.read_optional(column, fields.moment, None) for column in ("closed", "resolved"))
    return min((at for at in stamps if at), default=None)


def _volume(row: Row) -> str:
    row.read_optional("volume", fields.not_negative, None)
    unit = row.read("volume_unit", partial(fields.optional_text, length_max=20), "")
    return f"{row.get('volume')} {unit}".strip() if row.get("volume") else ""


def _add_prices(path: Path, markets: dict[str, HistoryMarket], known: set[str], mistakes: list[Mistake]) -> None:
    for row in read_table(path, _PRICE_COLUMNS, mistakes):
        market_id = _known_market(row, known)
        point = _price(row)
        if not note(path, row, mistakes) and market_id in markets:
            markets[market_id].prices.append(point)


def _price(row: Row) -> PricePoint:
    volume, back, lay = (
        row.read_optional(column, fields.not_negative, None) for column in ("volume", "best_back", "best_lay")
    )
    return PricePoint(
        at=row.read("timestamp", fields.moment, _EPOCH),
        price=row.read("price", fields.probability, 0),
        volume=None if volume is None else float(volume),
        # Odds: a price is one over them.
        spread=max(0.0, float(1 / back - 1 / lay)) if back and lay else None,
        is_phase="#" in row.get("timestamp"),
    )


def _add_trades(path: Path, markets: dict[str, HistoryMarket], known: set[str], mistakes: list[Mistake]) -> None:
    seen: dict[str, dict[str, int]] = defaultdict(dict)
    for row in read_table(path, _TRADE_COLUMNS, mistakes):
        market_id = _known_market(row, known)
        trade = _trade(row)
        first = seen[market_id].setdefault(trade.trade_id, row.line)
        if first != row.line:
            row.reasons.append(f"trade_id {fields.shown(trade.trade_id)} of this market is already on line {first}")
        if not note(path, row, mistakes) and market_id in markets:
            markets[market_id].trades.append(trade)


def _trade(row: Row) -> HistoryTrade:
    sign = _SIDES.get(row.get("side").lower(), 0)
    if not sign:
        row.reasons.append(f"side is {fields.shown(row.get('side'))}; expected buy or sell")
    shares = row.read_optional("shares", fields.share_count, None)
    cost = row.read_optional("cost", fields.number, None)
    return HistoryTrade(
        line=row.line,
        trade_id=row.read("trade_id", partial(fields.text, length_max=40), row.get("trade_id")),
        at=row.read("timestamp", fields.moment, _EPOCH),
        trader_id=row.read("trader_id", partial(fields.text, length_max=60), ""),
        shares=None if shares is None else sign * shares,
        price_after=row.read("price_after", fields.probability, 0),
        cost=cost,
    )


def _known_market(row: Row, known: set[str]) -> str:
    market_id = row.get("market_id")
    if market_id not in known:
        row.reasons.append(f"market_id {fields.shown(market_id)} is not in markets.csv")
    return market_id
