"""The comparison with the ledger, and the ledger behind each of its lines as a table of rows."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Final
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse

from analytics.business.models import Reconciliation
from analytics.business.selectors.drill import Span
from analytics.business.selectors.drill_accounts import AccountDay, account_days, account_entries
from analytics.business.selectors.drill_ledger import EntryRow
from analytics.business.selectors.metric_rows import RANGE_MAX
from analytics.business.web.figures import rows_href
from analytics.business.web.rows import LIMIT, Cell, Table, rows_table
from common.api.fields import Fields
from common.money import format_cash

#: Of the comparison's lines, those that stand for one kind of transfer on a kind of account.
TRANSFERS_OF: Final = {"fees of trades": ("fees", "trade")}
_MARKET: Final = "market"


@dataclass(frozen=True, slots=True)
class AccountQuery:
    """``day`` None: all days, a row for each day and market. ``market`` empty: outside of markets."""

    account: str
    transfer: str
    day: date | None
    market: str
    cursor: str | None

    @property
    def title(self) -> str:
        return f"Ledger: accounts of the kind {self.account}" + (f", {self.transfer}" if self.transfer else "")


@dataclass(frozen=True, slots=True)
class ComparedLine:
    """A line of the comparison with the ledger, exact, and where the rows behind each number are."""

    title: str
    ledger: str
    rollups: str
    difference: str
    href: str
    rollups_href: str

    @property
    def ledger_shown(self) -> str:
        return _rounded(self.ledger)

    @property
    def rollups_shown(self) -> str:
        return _rounded(self.rollups)


@dataclass(frozen=True, slots=True)
class ComparisonView:
    at: datetime
    difference: int
    lines: tuple[ComparedLine, ...]


def comparison(found: Reconciliation | None) -> ComparisonView | None:
    """The comparison with the ledger; what trades tell of fees leads to days and markets, the rest to the ledger."""
    return (
        None
        if found is None
        else ComparisonView(
            found.at, found.difference, tuple(_compared_line(line, found.at.date()) for line in found.lines)
        )
    )


def _compared_line(line: Mapping[str, str], day: date) -> ComparedLine:
    href = account_href(line["account"])
    told = rows_href("net_revenue", day + timedelta(days=1) - RANGE_MAX, day + timedelta(days=1))
    rollups_href = told if line["account"] in TRANSFERS_OF else href
    return ComparedLine(line["title"], line["ledger"], line["rollups"], line["difference"], href, rollups_href)


def account_href(line: str) -> str:
    """Where the rows behind a line of the comparison are listed."""
    account, transfer = TRANSFERS_OF.get(line, (line, ""))
    return _href(account=account, transfer=transfer)


def account_query(request: HttpRequest) -> AccountQuery:
    """Raises: RequestInvalid"""
    fields = Fields.of_query(request)
    account = fields.text("account", length_max=12, is_required=True)
    transfer = fields.text("transfer", length_max=12)
    day = fields.text("day", length_max=10)
    market = fields.text(_MARKET, length_max=120)
    cursor = fields.text("cursor", length_max=400) or None
    when = _day(fields, day) if day else None
    fields.finish()
    return AccountQuery(account, transfer, when, market, cursor)


def account_table(asked: AccountQuery) -> Table:
    """The page of days, or of the entries of one. Raises: CursorInvalid"""
    return _days(asked) if asked.day is None else _entries(asked, asked.day)


def _days(asked: AccountQuery) -> Table:
    page = account_days(asked.account, asked.transfer, limit=LIMIT, cursor=asked.cursor)
    heads = (("Day", False), ("Market", False), ("Entries", True), ("Credits", True))

    def row_of(row: AccountDay) -> tuple[Cell, ...]:
        href = _href(account=asked.account, transfer=asked.transfer, day=row.day.isoformat(), market=row.slug)
        amounts = Cell(f"{row.entries:,}", href, is_number=True), Cell(format_cash(row.amount), href, is_number=True)
        return Cell(f"{row.day}"), Cell(row.question, href), *amounts

    return rows_table("Days of the ledger", heads, page, row_of)


def _entries(asked: AccountQuery, day: date) -> Table:
    span = Span(day, day + timedelta(days=1), asked.market)
    page = account_entries(asked.account, asked.transfer, span, limit=LIMIT, cursor=asked.cursor)
    heads = (("Time (UTC)", False), ("Entry", True), ("Account", False), ("Transfer", False), ("Credits", True))

    def row_of(row: EntryRow) -> tuple[Cell, ...]:
        numbers = Cell(f"{row.id:,}", is_number=True), Cell(format_cash(row.amount), is_number=True)
        return Cell(f"{row.at:%Y-%m-%d %H:%M:%S}"), numbers[0], Cell(row.account), Cell(row.transfer), numbers[1]

    return rows_table("Entries of the ledger", heads, page, row_of)


def _href(**query: str) -> str:
    return f"{reverse('business:account-rows')}?{urlencode({name: value for name, value in query.items() if value})}"


def _day(fields: Fields, text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        fields.refuse("day", "date.invalid", "Write the day as 2026-11-22.")
        return None


def _rounded(exact: str) -> str:
    return f"{Decimal(exact):,.2f}"
