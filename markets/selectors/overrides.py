"""What two people of staff decide about a market, newest first."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from common import clock
from markets.models import Override
from markets.types import OverrideKind, OverrideStatus

SHOWN_MAX: Final = 100


@dataclass(frozen=True, slots=True)
class OverrideView:
    """``status`` is ``expired`` as soon as nobody can approve it any more. People by their handles."""

    id: int
    market_id: int
    kind: OverrideKind
    payouts: tuple[int, ...] | None
    value: str
    reason: str
    requested_by: str
    requested_at: datetime
    expires_at: datetime
    status: OverrideStatus
    decided_by: str
    decided_at: datetime | None
    decision_reason: str


def overrides(market_id: int) -> list[OverrideView]:
    found = Override.objects.filter(market_id=market_id).select_related("requested_by", "decided_by")
    return [_view(override) for override in found.order_by("-pk")[:SHOWN_MAX]]


def override_view(override_id: int) -> OverrideView | None:
    override = Override.objects.select_related("requested_by", "decided_by").filter(pk=override_id).first()
    return None if override is None else _view(override)


def _view(override: Override) -> OverrideView:
    status = OverrideStatus(override.status)
    if status is OverrideStatus.WAITING and override.expires_at <= clock.now():
        status = OverrideStatus.EXPIRED
    return OverrideView(
        id=override.pk,
        market_id=override.market_id,
        kind=OverrideKind(override.kind),
        payouts=None if override.payouts is None else tuple(override.payouts),
        value=override.value,
        reason=override.reason,
        requested_by=override.requested_by.username,
        requested_at=override.requested_at,
        expires_at=override.expires_at,
        status=status,
        decided_by=override.decided_by.username if override.decided_by else "",
        decided_at=override.decided_at,
        decision_reason=override.decision_reason,
    )


def waiting_override_count(most: int = SHOWN_MAX) -> int:
    """How many somebody can still approve, counted up to ``most``."""
    found = Override.objects.filter(status=OverrideStatus.WAITING.value, expires_at__gt=clock.now())
    return len(found.values_list("pk")[:most])
