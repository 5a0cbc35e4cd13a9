"""Agree to what another person of staff has asked for, or say no."""

from datetime import datetime

from django.db import transaction

from accounts.selectors.people import has_permission
from accounts.services.record_audit import record_audit
from common import clock
from common.text import clean_text
from markets.errors import ActionNotAllowed, MarketInvalid, OverrideNotFound, OverrideNotWaiting, OverrideOwn
from markets.locks import lock_head
from markets.models import Override
from markets.services._transition import REASON_LENGTH_MAX
from markets.types import ApprovedOverride, OverrideKind, OverrideStatus


def approve_override(*, override_id: int, actor_id: int, reason: str = "", ip: str = "") -> ApprovedOverride:
    """Mark it as approved. The caller carries it out in the same transaction, so that both happen or neither.

    Raises: OverrideNotFound, OverrideNotWaiting, OverrideOwn, ActionNotAllowed, MarketInvalid
    """
    assert transaction.get_connection().in_atomic_block, "what was approved is carried out with it"
    override, now = _locked(override_id, actor_id)
    if override.requested_by_id == actor_id:
        raise OverrideOwn("Nobody approves what they have asked for. Ask another operator.")
    _decide(override, OverrideStatus.APPROVED, actor_id, reason, now, ip)
    return ApprovedOverride(
        market_id=override.market_id,
        kind=OverrideKind(override.kind),
        payouts=tuple(override.payouts or ()),
        value=override.value,
        reason=override.reason,
        requested_by=override.requested_by_id,
        approved_by=actor_id,
    )


def decline_override(*, override_id: int, actor_id: int, reason: str = "", ip: str = "") -> Override:
    """Decline it; who has asked for it withdraws it.

    Raises: OverrideNotFound, OverrideNotWaiting, ActionNotAllowed, MarketInvalid
    """
    with transaction.atomic():
        override, now = _locked(override_id, actor_id)
        is_own = override.requested_by_id == actor_id
        status = OverrideStatus.WITHDRAWN if is_own else OverrideStatus.DECLINED
        _decide(override, status, actor_id, reason, now, ip)
    return override


def _locked(override_id: int, actor_id: int) -> tuple[Override, datetime]:
    """The override under its market's lock, if it still waits, and the moment."""
    market_id = Override.objects.filter(pk=override_id).values_list("market_id", flat=True).first()
    if market_id is None:
        raise OverrideNotFound(f"There is no override {override_id}.")
    if not has_permission(actor_id, "markets.operate_market"):
        raise ActionNotAllowed("Only operators may decide about an override.")
    lock_head(None, market_id)
    override, now = Override.objects.select_for_update().get(pk=override_id), clock.now()
    if override.status != OverrideStatus.WAITING or override.expires_at <= now:
        status = OverrideStatus.EXPIRED.value if override.status == OverrideStatus.WAITING else override.status
        raise OverrideNotWaiting(f"It is {status} already. Ask for it again.", extra={"override_status": status})
    return override, now


def _decide(override: Override, status: OverrideStatus, actor_id: int, reason: str, now: datetime, ip: str) -> None:
    try:
        text = clean_text(reason, length_min=0, length_max=REASON_LENGTH_MAX, is_one_line=False)
    except ValueError as problem:
        raise MarketInvalid(f"The reason {problem}.", field="/reason") from problem
    override.status, override.decided_at, override.decision_reason = status.value, now, text
    if status is not OverrideStatus.WITHDRAWN:
        override.decided_by_id = actor_id
    override.save(update_fields=["status", "decided_at", "decided_by", "decision_reason"])
    record_audit(
        actor_id=actor_id,
        action=f"markets.override_{status.value}",
        target=override,
        reason=text,
        before={"status": OverrideStatus.WAITING.value},
        after={"status": status.value, "kind": override.kind, "market": override.market_id},
        ip=ip,
    )
