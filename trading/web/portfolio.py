"""The portfolio: what the trader has, what is waiting, and how it came about."""

from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from common.paging import CursorInvalid, Page
from trading.models import Heartbeat
from trading.selectors.accounts import AccountView, LedgerLine, ledger_lines
from trading.selectors.fills import FillView, fills
from trading.selectors.orders import OrderRow, orders
from trading.selectors.positions import PositionView, positions
from trading.selectors.silence import heartbeat_of
from trading.web.own_account import own_account

_LEDGER: Final = 25
_FILLS: Final = 15
_ORDERS: Final = 200


@dataclass(frozen=True, slots=True)
class PortfolioContext:
    account: AccountView | None
    positions: tuple[PositionView, ...]
    orders: tuple[OrderRow, ...]
    fills: tuple[FillView, ...]
    ledger: tuple[LedgerLine, ...]
    ledger_next: str
    is_first_ledger_page: bool
    heartbeat: Heartbeat | None
    #: The order whose form is open.
    edited: int | None

    @property
    def value(self) -> int:
        """Cash units: what all positions are worth at current prices."""
        return sum(position.value or 0 for position in self.positions)

    @property
    def total(self) -> int:
        return self.value + (self.account.cash if self.account else 0)

    @property
    def profit(self) -> int:
        """Of the positions that are still held."""
        return sum(position.profit or 0 for position in self.positions)


@require_safe
@login_required
def portfolio(request: HttpRequest) -> HttpResponse:
    assert request.user.pk is not None
    user_id, cursor = request.user.pk, request.GET.get("ledger")
    ledger = _ledger(user_id, cursor)
    context = PortfolioContext(
        account=own_account(request),
        positions=tuple(positions(user_id)),
        orders=orders(user_id, status="open", limit=_ORDERS).items,
        fills=fills(user_id, limit=_FILLS).items,
        ledger=ledger.items,
        ledger_next=f"/portfolio?{urlencode({'ledger': ledger.next_cursor})}#statement" if ledger.next_cursor else "",
        is_first_ledger_page=cursor is None,
        heartbeat=heartbeat_of(user_id),
        edited=_number(request.GET.get("edit", "")),
    )
    return render(request, "trading/portfolio.html", {"page": context})


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


def _ledger(user_id: int, cursor: str | None) -> Page[LedgerLine]:
    try:
        return ledger_lines(user_id, limit=_LEDGER, cursor=cursor)
    except CursorInvalid:
        return ledger_lines(user_id, limit=_LEDGER)
