"""Ask for something that staff may do to a market only in pairs."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from accounts.services.record_audit import record_audit
from common import clock
from markets.engine.lifecycle import TRANSITIONS
from markets.engine.resolution import check_payouts
from markets.errors import ActionNotAllowed, OverrideWaiting, WrongStatus
from markets.locks import lock_head
from markets.models import Market, Override
from markets.services._decision import decided_by
from markets.services._transition import clean_reason, parties_of
from markets.types import Action, MarketStatus, OverrideKind, OverrideStatus, Party

_SETTLED = (MarketStatus.RESOLVED, MarketStatus.VOID)


def request_override(
    *,
    market_id: int,
    actor_id: int,
    kind: OverrideKind,
    reason: str,
    payouts: Sequence[int] = (),
    value: str = "",
    ip: str = "",
) -> Override:
    """Let it wait for a second operator, with an audit record. ``payouts`` or ``value``: the result of a ``resolve``.

    Raises: MarketNotFound, WrongStatus, ActionNotAllowed, OverrideWaiting, ResolutionInvalid, MarketInvalid
    """
    with transaction.atomic():
        lock_head(None, market_id)
        market, now = Market.objects.get(pk=market_id), clock.now()
        _check(market, kind, actor_id)
        expire(now, market_id)
        if Override.objects.filter(market=market, status=OverrideStatus.WAITING.value).exists():
            raise OverrideWaiting("Approve, decline or withdraw the one that waits first.")
        override = Override(market=market, kind=kind.value, reason=clean_reason(reason), requested_by_id=actor_id)
        if kind is OverrideKind.RESOLVE:
            decided = decided_by(market, payouts, value)
            override.payouts = list(check_payouts(decided.payouts, market.outcomes.count()))
            override.value = decided.told.get("value", "")
        override.requested_at, override.expires_at = now, now + timedelta(seconds=settings.OVERRIDE_WINDOW_S)
        override.save()
        after = {"kind": override.kind, "payouts": override.payouts, "market": market_id}
        record_audit(
            actor_id=actor_id, action="markets.override_requested", target=override, reason=reason, after=after, ip=ip
        )
    return override


def expire(now: datetime, market_id: int | None = None) -> int:
    """End what nobody has decided in time; of all markets, or of one. How many there were."""
    late = Override.objects.filter(status=OverrideStatus.WAITING.value, expires_at__lte=now)
    if market_id is not None:
        late = late.filter(market_id=market_id)
    return late.update(status=OverrideStatus.EXPIRED.value, decided_at=now)


def _check(market: Market, kind: OverrideKind, actor_id: int) -> None:
    status = MarketStatus(market.status)
    if not _fits(kind, status):
        detail = f"This market is {status.value}; there is nothing to {kind.value}."
        raise WrongStatus(detail, extra={"market_status": status.value})
    if Party.OPERATOR not in parties_of(market, actor_id):
        raise ActionNotAllowed("Only operators may ask for an override.")


def _fits(kind: OverrideKind, status: MarketStatus) -> bool:
    match kind:
        case OverrideKind.UNDO:
            return status in _SETTLED
        case OverrideKind.RESOLVE:
            return status is MarketStatus.DISPUTED
        case OverrideKind.VOID:
            return (Action.VOID, status) in TRANSITIONS
