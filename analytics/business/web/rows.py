"""The rows behind a figure, as one table for every kind of row."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from django.http import HttpRequest

from analytics.business.engine.measures import MEASURES, Source
from analytics.business.selectors.catalogue import metric as found_metric
from analytics.business.selectors.drill import Span
from analytics.business.selectors.drill_hours import HourTrade, When, hour_rows, hour_trades
from analytics.business.selectors.drill_ledger import entry_rows, ledger_day_rows, settled_rows
from analytics.business.selectors.drill_markets import TradeRow, market_rows, record_rows, trade_rows
from analytics.business.selectors.drill_revenue import RevenueRow, revenue_rows
from analytics.business.selectors.drill_traders import Who, of_metric, trader_rows
from analytics.business.selectors.metric_rows import check_question, metric_rows
from analytics.business.selectors.rhythm import WEEKDAYS
from analytics.business.selectors.rows import today
from analytics.business.selectors.values import NONE_SHOWN, shown
from analytics.business.types import Dimension, Grain, Metric
from analytics.business.web.figures import rows_href
from analytics.business.web.people import people
from common.api.fields import Fields
from common.languages import dated
from common.money import format_cash, format_price, format_quantity
from common.paging import Page

LIMIT: Final = 50
#: The value of ``only`` in a link.
UNEXPLAINED: Final = "unexplained"
_TRADE_HEADS: Final = (
    ("Time (UTC)", False), ("Taker", False), ("Maker", False), ("Outcome", False), ("Price", True), ("Shares", True),
    ("Cost", True), ("Taker fee", True), ("Maker fee", True),
)  # fmt: skip
#: Which journal records a figure counts; the others of a market are made of its trades.
RECORDS: Final = {
    "orders": ("order_placed",),
    "markets_created": ("created",),
    "markets_opened": ("opened",),
    "markets_resolved": ("resolved",),
    "markets_voided": ("voided",),
    "disputes": ("disputed",),
    "dispute_rate": ("disputed", "resolved", "voided"),
}


@dataclass(frozen=True, slots=True)
class Cell:
    text: str
    href: str = ""
    is_number: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """``columns``: head and whether it holds numbers."""

    what: str
    columns: tuple[tuple[str, bool], ...]
    rows: tuple[tuple[Cell, ...], ...]
    next_cursor: str | None


@dataclass(frozen=True, slots=True)
class RowsQuery:
    metric: Metric
    span: Span
    #: None: of all markets. Empty: of what is outside of markets.
    market: str | None
    topic: str
    cursor: str | None
    #: Only these people, of the retention page or a segment.
    who: Who | None = None
    #: Only this weekday or hour, of the peak hours.
    when: When | None = None
    #: Only what the sources of revenue don't explain.
    only_unexplained: bool = False

    @property
    def words(self) -> str:
        """What else narrows the rows, for the line above them."""
        parts = [f"only people: {self.who.words}"] if self.who and self.who.words else []
        if self.when and self.when.weekday is not None:
            parts.append(f"only {WEEKDAYS[self.when.weekday - 1]}s")
        if self.when and self.when.hour is not None:
            parts.append(f"only from {self.when.hour}:00 to {self.when.hour}:59 UTC")
        return "; ".join([*parts, *(["only what no source explains"] if self.only_unexplained else [])])


def rows_query(request: HttpRequest) -> RowsQuery:
    """Raises: RequestInvalid, MetricUnknown, QuestionInvalid"""
    fields = Fields.of_query(request)
    name = fields.text("metric", length_max=60, is_required=True)
    end = _day(fields.text("end", length_max=10), today() + timedelta(days=1))
    start = _day(fields.text("start", length_max=10), end - timedelta(days=30))
    market = fields.text("market", length_max=120) if "market" in request.GET else None
    topic = fields.text("topic", length_max=60)
    who = fields.text("who", length_max=80)
    weekday = fields.optional_integer("weekday", low=1, high=7)
    hour = fields.optional_integer("hour", low=0, high=23)
    only = fields.text("only", length_max=20)
    cursor = fields.text("cursor", length_max=400) or None
    fields.finish()
    metric = found_metric(name)
    check_question(metric, start=start, end=end, dimensions=())
    span = Span(start, end, market or "", topic)
    when = None if weekday is None and hour is None else When(weekday, hour)
    whom = people(who) if who else None
    return RowsQuery(metric, span, market, topic, cursor, whom, when, only == UNEXPLAINED)


def table(asked: RowsQuery) -> Table:
    """The page of rows that was asked for.

    Raises: CursorInvalid
    """
    metric = asked.metric
    if asked.when is not None:
        return _hours(asked, asked.when)
    if metric.drill == "revenue":
        return _revenue(asked)
    if any(MEASURES[part].source is Source.BOOK_DAY for part in metric.numerator):
        return _books(asked)
    if metric.drill == "traders":
        return _traders(asked)
    if metric.drill == "settled":
        return _settled(asked)
    if metric.drill == "ledger":
        return _ledger_days(asked) if asked.market is None else _entries(asked)
    if asked.market is None:
        return _markets(asked)
    return _records(asked) if metric.name in RECORDS else _trades(asked)


def _markets(asked: RowsQuery) -> Table:
    page = market_rows(asked.metric, asked.span, limit=LIMIT, cursor=asked.cursor)
    title = asked.metric.title
    return rows_table(
        "Markets", (("Market", False), ("Topic", False), ("Trades", True), (title, True)), page,
        lambda row: (
            Cell(row.question, _market_href(asked, row.slug)), Cell(row.topic), _number(f"{row.trades:,}"),
            _number(shown(asked.metric, row.value)),
        ),
    )  # fmt: skip


def _traders(asked: RowsQuery) -> Table:
    page = trader_rows(asked.who or of_metric(asked.metric), asked.span, limit=LIMIT, cursor=asked.cursor)
    heads = (("Trader", False), ("Joined", False), ("Orders", True), ("Fills", True), ("Volume", True), ("Fees", True))
    return rows_table("Traders", heads, page, lambda row: (
        Cell(f"{row.handle}{' (simulated)' if row.is_simulated else ''}"),
        Cell(row.joined_on.isoformat() if row.joined_on else NONE_SHOWN),
        _number(f"{row.orders:,}"), _number(f"{row.fills:,}"), _credits(row.volume), _credits(row.fees),
    ))  # fmt: skip


def _trades(asked: RowsQuery) -> Table:
    page = trade_rows(asked.span, limit=LIMIT, cursor=asked.cursor)
    return rows_table("Trades", _TRADE_HEADS, page, _trade)


def _trade(row: TradeRow) -> tuple[Cell, ...]:
    return (
        Cell(f"{row.at:%Y-%m-%d %H:%M:%S}"), Cell(row.taker), Cell(row.maker or "maker rule"),
        Cell(f"{row.side} {row.outcome}"), _number(format_price(row.price)), _number(format_quantity(row.quantity)),
        _exact(row.cost), _exact(row.taker_fee), _exact(row.maker_fee),
    )  # fmt: skip


def _hours(asked: RowsQuery, when: When) -> Table:
    """Hours of days; one hour of one day leads on to its trades."""
    if when.hour is not None and when.weekday is None and asked.span.end - asked.span.start == timedelta(days=1):
        return _hour_trades(asked, when.hour)
    page = hour_rows(when, asked.span, limit=LIMIT, cursor=asked.cursor)
    heads = (("Day", False), ("Hour (UTC)", False), ("Trades", True), ("Volume", True))

    def row_of(row: Any) -> tuple[Cell, ...]:
        href = rows_href("trades", row.day, row.day + timedelta(days=1), hour=str(row.hour))
        return (
            Cell(dated(row.day, "D j M Y")),
            Cell(f"{row.hour}:00"),
            Cell(f"{row.trades:,}", href, is_number=True),
            _exact(row.volume),
        )

    return rows_table("Hours", heads, page, row_of)


def _hour_trades(asked: RowsQuery, hour: int) -> Table:
    page = hour_trades(asked.span.start, hour, limit=LIMIT, cursor=asked.cursor)
    heads = (("Market", False), *_TRADE_HEADS)

    def row_of(row: HourTrade) -> tuple[Cell, ...]:
        return Cell(row.question, f"/markets/{row.slug}"), *_trade(row.trade)

    return rows_table("Trades", heads, page, row_of)


def _revenue(asked: RowsQuery) -> Table:
    page = revenue_rows(asked.span, limit=LIMIT, cursor=asked.cursor, only_unexplained=asked.only_unexplained)
    heads = (("Day", False), ("Market", False), ("Taker fees", True), ("Maker fees", True), ("Refunded", True),
             ("Maker rule result", True), ("Net revenue", True), ("Not explained", True))  # fmt: skip

    def row_of(row: RevenueRow) -> tuple[Cell, ...]:
        href = rows_href("fee_revenue", row.day, row.day + timedelta(days=1), market=row.slug) if row.slug else ""
        amounts = (row.taker_fees, row.maker_fees, row.refunded, row.maker_result, row.net, row.unexplained)
        return Cell(f"{row.day}"), Cell(row.question, href), *(_exact(amount) for amount in amounts)

    return rows_table("Days and markets", heads, page, row_of)


def _records(asked: RowsQuery) -> Table:
    page = record_rows(asked.span, RECORDS[asked.metric.name], limit=LIMIT, cursor=asked.cursor)
    heads = (("Time (UTC)", False), ("Record", True), ("What", False), ("By", False))
    return rows_table("Journal records", heads, page, lambda row: (
        Cell(f"{row.at:%Y-%m-%d %H:%M:%S}"), _number(f"{row.seq:,}"), Cell(row.kind.replace("_", " ")),
        Cell(row.actor or "the site"),
    ))  # fmt: skip


def _ledger_days(asked: RowsQuery) -> Table:
    page = ledger_day_rows(asked.metric, asked.span, limit=LIMIT, cursor=asked.cursor)
    heads = (("Day", False), ("Market", False), ("Entries", True), ("Credits", True))

    def row_of(row: Any) -> tuple[Cell, ...]:
        href = rows_href(asked.metric.name, row.day, row.day + timedelta(days=1), market=row.slug)
        return Cell(f"{row.day}"), Cell(row.question, href), _number(f"{row.entries:,}"), _exact(row.amount)

    return rows_table("Days of the ledger", heads, page, row_of)


def _entries(asked: RowsQuery) -> Table:
    page = entry_rows(asked.metric, asked.span, limit=LIMIT, cursor=asked.cursor)
    heads = (("Time (UTC)", False), ("Entry", True), ("Account", False), ("Transfer", False), ("Credits", True))
    return rows_table("Entries of the ledger", heads, page, lambda row: (
        Cell(f"{row.at:%Y-%m-%d %H:%M:%S}"), _number(f"{row.id:,}"), Cell(row.account), Cell(row.transfer),
        _exact(row.amount),
    ))  # fmt: skip


def _settled(asked: RowsQuery) -> Table:
    page = settled_rows(asked.span, limit=LIMIT, cursor=asked.cursor)
    heads = (("Market", False), ("Settled", False), ("Maker rule result", True), ("Hours to resolve", True),
             ("Brier score", True))  # fmt: skip
    return rows_table("Settled markets", heads, page, lambda row: (
        Cell(row.question, f"/markets/{row.slug}"), Cell(f"{row.settled_on}"), _exact(row.maker_result),
        _number(NONE_SHOWN if row.resolve_s is None else f"{row.resolve_s / 3_600:,.1f}"),
        _number(NONE_SHOWN if row.brier is None else f"{row.brier:.3f}"),
    ))  # fmt: skip


def _books(asked: RowsQuery) -> Table:
    """Samples aren't kept one by one: the markets' means are the finest rows there are."""
    rows = metric_rows(
        metric=asked.metric.name,
        start=asked.span.start,
        end=asked.span.end,
        grain=Grain.TOTAL,
        dimensions=[Dimension.MARKET],
    )
    page = Page(tuple(rows), None)
    heads = (("Market", False), (asked.metric.title, True))
    return rows_table("Markets, mean of their samples", heads, page, lambda row: (
        Cell(row.dimensions[0], f"/markets/{row.dimensions[0]}"), _number(shown(asked.metric, row.value)),
    ))  # fmt: skip


def rows_table(what: str, columns: tuple[tuple[str, bool], ...], page: Page[Any], cells: Callable[[Any], Any]) -> Table:
    """``page`` as words: ``cells`` makes the cells of one row, in the order of ``columns``."""
    return Table(what, columns, tuple(cells(row) for row in page.items), page.next_cursor)


def _market_href(asked: RowsQuery, slug: str) -> str:
    return rows_href(asked.metric.name, asked.span.start, asked.span.end, market=slug)


def _number(text: str) -> Cell:
    return Cell(text, is_number=True)


def _credits(units: int) -> Cell:
    return _number(f"{units / 10**8:,.2f}")


def _exact(units: int) -> Cell:
    return _number(format_cash(units))


def _day(text: str, default: date) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return default
