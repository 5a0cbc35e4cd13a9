"""Who may read whose figures. What isn't for the caller doesn't exist for them."""

from typing import Any, Final

from django.http import HttpRequest

from common.api.access import Caller
from common.api.errors import NotFound
from markets.errors import MarketNotFound
from trading.selectors.market_detail import MarketDetail

_READS_ALL: Final = "trading.view_position"


def check_may_read_market(request: HttpRequest, market: MarketDetail | None) -> None:
    """A draft is there for its creator and staff only.

    Raises: MarketNotFound
    """
    caller = _caller(request)
    if market is None or (
        market.status == "draft" and not (caller.user_id == market.creator_id or caller.user.is_staff)
    ):
        raise MarketNotFound("There is no such market. Find it with GET /api/v1/markets.")


def check_may_read_trader(request: HttpRequest, user_id: int) -> None:
    """Everybody reads their own figures; who may see all positions, everybody's.

    Raises: NotFound
    """
    caller = _caller(request)
    if caller.user_id != user_id and not caller.user.has_perm(_READS_ALL):
        raise NotFound("There is no such trader, or you may not read their figures.")


def _caller(request: HttpRequest) -> Caller:
    found: Any = request.api_caller  # type: ignore[attr-defined]
    assert isinstance(found, Caller), "the route is for known callers"
    return found
