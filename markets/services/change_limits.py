"""What staff ask of orders in one market: its limits and its price band."""

from dataclasses import asdict, dataclass
from typing import Final

from django.db import transaction

from accounts.selectors.people import has_permission
from accounts.services.record_audit import record_audit
from common import clock
from common.bus import publish_on_commit
from common.money import PRICE_SCALE, QUANTITY_LOTS_MAX
from markets.errors import ActionNotAllowed, MarketInvalid, WrongStatus
from markets.events import MarketLimitsChanged
from markets.locks import lock_head
from markets.models import Market
from markets.services import journal
from markets.types import EventKind, MarketStatus

OPEN_ORDERS_MAX: Final = 10_000_000
_OVER: Final = (MarketStatus.RESOLVED, MarketStatus.VOID)


@dataclass(frozen=True, slots=True, kw_only=True)
class MarketLimits:
    """Quantities in lots, ``price_band`` in ticks; ``None``: the site's default."""

    max_open_orders: int | None = None
    max_order_lots: int | None = None
    max_position_lots: int | None = None
    price_band: int | None = None


def change_limits(*, market_id: int, actor_id: int, limits: MarketLimits, reason: str = "", ip: str = "") -> int:
    """Replace the market's limits, with an audit record; they count for orders from then on.

    Returns:   the ``seq`` of the journal record
    Raises:    MarketNotFound, WrongStatus, ActionNotAllowed, MarketInvalid
    Publishes: MarketLimitsChanged
    """
    with transaction.atomic():
        seq = lock_head(None, market_id) + 1
        market = Market.objects.select_for_update().get(pk=market_id)
        _check(market, actor_id, limits)
        before, after = asdict(limits_of(market)), asdict(limits)
        for name, value in after.items():
            setattr(market, name, value)
        market.save(update_fields=list(after))
        journal.record(market_id, EventKind.LIMITS_CHANGED, at=clock.now(), actor_id=actor_id, data=after)
        record_audit(
            actor_id=actor_id,
            action="markets.limits_changed",
            target=market,
            reason=reason,
            before=before,
            after=after,
            ip=ip,
        )
        publish_on_commit(MarketLimitsChanged(market_id, seq))
    return seq


def limits_of(market: Market) -> MarketLimits:
    return MarketLimits(
        max_open_orders=market.max_open_orders,
        max_order_lots=market.max_order_lots,
        max_position_lots=market.max_position_lots,
        price_band=market.price_band,
    )


def _check(market: Market, actor_id: int, limits: MarketLimits) -> None:
    if market.status in _OVER:
        raise WrongStatus("A market that is over takes no orders.", extra={"market_status": market.status})
    if not has_permission(actor_id, "markets.operate_market"):
        raise ActionNotAllowed("Only operators may change the limits of a market.")
    _check_range("max_open_orders", limits.max_open_orders, 0, OPEN_ORDERS_MAX)
    _check_range("max_order_size", limits.max_order_lots, 1, QUANTITY_LOTS_MAX)
    _check_range("max_position", limits.max_position_lots, 0, QUANTITY_LOTS_MAX)
    _check_range("price_band", limits.price_band, 1, PRICE_SCALE)


def _check_range(field: str, value: int | None, low: int, high: int) -> None:
    if value is not None and not low <= value <= high:
        raise MarketInvalid(f"The {field} is out of range; send null for the default.", field=f"/{field}")
