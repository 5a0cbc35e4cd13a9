"""Hand a market over to staff: what should have named its result can't."""

import logging

from django.db import transaction

from common import clock
from common.bus import publish_on_commit
from markets.events import StaffCalled
from markets.locks import lock_head
from markets.models import Market
from markets.services import journal
from markets.types import EventKind, MarketStatus

logger = logging.getLogger(__name__)


def call_staff(*, market_id: int, reason: str) -> int | None:
    """Let staff propose the result of a closed market, whatever its policy; nothing if it has gone on meanwhile.

    Returns:   the ``seq`` of the journal record
    Publishes: StaffCalled
    """
    with transaction.atomic():
        seq = lock_head(None, market_id) + 1
        market = Market.objects.select_for_update().get(pk=market_id)
        if market.status != MarketStatus.CLOSED or market.is_staff_turn:
            return None
        market.is_staff_turn = True
        market.save(update_fields=["is_staff_turn"])
        journal.record(market_id, EventKind.STAFF_CALLED, at=clock.now(), actor_id=None, data={"reason": reason})
        publish_on_commit(StaffCalled(market_id, seq))
    logger.error("market %s needs staff: %s", market_id, reason)
    return seq
