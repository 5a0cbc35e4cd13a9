"""Make, trip, reset and delete order groups."""

from typing import Final

from django.db import transaction
from django.db.models import Q

from common import clock
from common.bus import publish_on_commit
from trading.errors import GroupNotFound, GroupsTooMany
from trading.events import GroupTripped
from trading.models import GroupFill, Order, OrderGroup
from trading.selectors.order_groups import GROUPS_MAX
from trading.services.cancel_group import cancel_group
from trading.types import ALIVE

WINDOW_MAX_S: Final = 86_400


def create_group(*, user_id: int, limit_lots: int, window_s: int) -> int:
    """A new group, whose fuse holds. Returns its id.

    Raises: GroupsTooMany
    """
    with transaction.atomic():
        if OrderGroup.objects.filter(user_id=user_id).count() >= GROUPS_MAX:
            raise GroupsTooMany(f"You have {GROUPS_MAX} order groups; delete one first.")
        group = OrderGroup.objects.create(
            user_id=user_id, limit_lots=limit_lots, window_s=window_s, created_at=clock.now()
        )
    return group.pk


def trip_group(*, user_id: int, group_id: int) -> int:
    """Blow the fuse by hand: from the commit on nothing of the group trades. Returns how many orders were cancelled.

    Raises:    GroupNotFound
    Publishes: GroupTripped
    """
    _trip(user_id, group_id)
    return cancel_group(group_id)


def reset_group(*, user_id: int, group_id: int) -> None:
    """Cancel what is left of a tripped group, forget its fills and let it take orders again.

    Raises: GroupNotFound, TradingBusy
    """
    with transaction.atomic():
        group = _locked(user_id, group_id)
        is_tripped = group.tripped_at is not None
    while is_tripped:
        # A tripped group takes no orders, so none comes while those that are left go.
        cancel_group(group_id)
        with transaction.atomic():
            group = _locked(user_id, group_id)
            if not Order.objects.filter(_LEFT, group_id=group_id).exists():
                OrderGroup.objects.filter(pk=group_id).update(tripped_at=None, is_by_hand=False)
                break
    GroupFill.objects.filter(group_id=group_id).delete()


_LEFT: Final = Q(status__in=ALIVE)


def delete_group(*, user_id: int, group_id: int) -> int:
    """Cancel the group's orders and forget it; orders keep its number. Returns how many were cancelled.

    Raises:    GroupNotFound, TradingBusy
    Publishes: GroupTripped
    """
    _trip(user_id, group_id)
    cancelled = cancel_group(group_id)
    # Should one have come to rest before the group tripped, no market trades with it: the group is gone.
    OrderGroup.objects.filter(pk=group_id, user_id=user_id).delete()
    return cancelled


def _trip(user_id: int, group_id: int) -> None:
    with transaction.atomic():
        group = _locked(user_id, group_id)
        if group.tripped_at is None:
            OrderGroup.objects.filter(pk=group_id).update(tripped_at=clock.now(), is_by_hand=True)
            publish_on_commit(GroupTripped(group_id))


def _locked(user_id: int, group_id: int) -> OrderGroup:
    group = OrderGroup.objects.select_for_update(no_key=True).filter(pk=group_id, user_id=user_id).first()
    if group is None:
        raise GroupNotFound(f"You have no order group {group_id}.")
    return group
