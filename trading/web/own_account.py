"""What the masthead shows, the reader's cash and their part of a market, read once a request.

So the masthead and all parts of a page show the same.
"""

from typing import Final

from django.http import HttpRequest

from trading.selectors.accounts import AccountView
from trading.selectors.masthead import Masthead, masthead
from trading.selectors.own_part import OwnPart, own_part

_ORDERS_MAX: Final = 50


def own_account(request: HttpRequest) -> AccountView | None:
    """``None`` for a visitor."""
    return _read(request)[1]


def own_masthead(request: HttpRequest) -> Masthead:
    return _read(request)[0]


def _read(request: HttpRequest) -> tuple[Masthead, AccountView | None]:
    if not hasattr(request, "own_masthead"):
        user = getattr(request, "user", None)
        user_id = user.pk if user is not None and user.is_authenticated else None
        request.own_masthead = masthead(user_id)  # type: ignore[attr-defined]
    return request.own_masthead  # type: ignore[attr-defined,no-any-return]


def own_part_of(request: HttpRequest, market_id: int) -> OwnPart | None:
    """Of the one market that the page is about; ``None`` for a visitor."""
    if not request.user.is_authenticated:
        return None
    if not hasattr(request, "own_part"):
        request.own_part = own_part(request.user.pk, market_id, orders_max=_ORDERS_MAX)  # type: ignore[attr-defined]
    return request.own_part  # type: ignore[attr-defined,no-any-return]
