"""What staff allow one trader instead of what markets allow everybody."""

from dataclasses import asdict, dataclass
from typing import Final

from django.db import transaction

from accounts.selectors.people import has_permission
from accounts.services.record_audit import record_audit
from common import clock
from common.money import QUANTITY_LOTS_MAX
from markets.errors import ActionNotAllowed
from trading.errors import LimitsInvalid
from trading.models import TraderLimit

OPEN_ORDERS_MAX: Final = 10_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class TraderLimits:
    """Quantities in lots; ``None``: what the market or the site allows."""

    max_open_orders: int | None = None
    max_order_lots: int | None = None
    max_position_lots: int | None = None


def trader_limits(user_id: int) -> TraderLimits:
    """What is set for this trader."""
    row = TraderLimit.objects.filter(pk=user_id).first()
    return TraderLimits() if row is None else _limits_of(row)


def change_trader_limits(
    *, user_id: int, actor_id: int, limits: TraderLimits, reason: str = "", ip: str = ""
) -> TraderLimits:
    """Replace the trader's limits, with an audit record; they count for orders from then on, in every market.

    Raises: ActionNotAllowed, LimitsInvalid
    """
    if not has_permission(actor_id, "markets.operate_market"):
        raise ActionNotAllowed("Only operators may change the limits of a trader.")
    _check(limits)
    with transaction.atomic():
        row, _ = TraderLimit.objects.select_for_update().get_or_create(pk=user_id, defaults={"updated_at": clock.now()})
        before, after = asdict(_limits_of(row)), asdict(limits)
        for name, value in after.items():
            setattr(row, name, value)
        row.updated_at = clock.now()
        row.save()
        if limits == TraderLimits():
            row.delete()
            row.pk = user_id
        record_audit(
            actor_id=actor_id,
            action="trading.limits_changed",
            target=row,
            reason=reason,
            before=before,
            after=after,
            ip=ip,
        )
    return limits


def _limits_of(row: TraderLimit) -> TraderLimits:
    return TraderLimits(
        max_open_orders=row.max_open_orders,
        max_order_lots=row.max_order_lots,
        max_position_lots=row.max_position_lots,
    )


def _check(limits: TraderLimits) -> None:
    for field, value, low, high in (
        ("max_open_orders", limits.max_open_orders, 0, OPEN_ORDERS_MAX),
        ("max_order_size", limits.max_order_lots, 1, QUANTITY_LOTS_MAX),
        ("max_position", limits.max_position_lots, 0, QUANTITY_LOTS_MAX),
    ):
        if value is not None and not low <= value <= high:
            raise LimitsInvalid(f"The {field} is out of range; send null for the default.", field=f"/{field}")
