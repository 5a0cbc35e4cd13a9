"""Take a result back, so that staff can propose another. ``trading`` takes back what was paid and calls this."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from django.db import transaction

from common.bus import publish_on_commit
from markets.errors import WrongStatus
from markets.events import MarketReopened
from markets.models import Market
from markets.services import journal
from markets.types import EventKind, MarketStatus

_SETTLED: Final = (MarketStatus.RESOLVED, MarketStatus.VOID)
_FORGOTTEN: Final[Mapping[str, Any]] = {
    "proposed_payouts": None,
    "proposed_value": None,
    "proposed_by_id": None,
    "proposed_at": None,
    "proposal_reason": "",
    "challenge_ends_at": None,
    "dispute_reason": "",
    "disputed_by_id": None,
    "payouts": None,
    "resolved_value": None,
    "resolved_at": None,
}


def reopen_market(*, market_id: int, actor_id: int, seq: int, at: datetime, data: Mapping[str, Any]) -> None:
    """Write the record ``seq`` and close the market as it was before its result; the caller holds its lock.

    Raises:    WrongStatus
    Publishes: MarketReopened
    """
    assert transaction.get_connection().in_atomic_block, "the caller holds the market's lock"
    market = Market.objects.select_for_update().get(pk=market_id)
    if market.status not in _SETTLED:
        raise WrongStatus("Only a market that is over has a settlement.", extra={"market_status": market.status})
    changes = {**_FORGOTTEN, "status": MarketStatus.CLOSED.value, "is_staff_turn": True}
    for field, value in changes.items():
        setattr(market, field, value)
    market.save(update_fields=list(changes))
    journal.record(market_id, EventKind.SETTLEMENT_UNDONE, at=at, actor_id=actor_id, data=data)
    publish_on_commit(MarketReopened(market_id, seq))
