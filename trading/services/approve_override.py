"""Approve what another person of staff has asked for, and do it: both happen or neither."""

from collections.abc import Callable, Mapping
from typing import Final

from django.db import transaction

from markets.services.confirm_resolution import confirm_resolution
from markets.services.decide_override import approve_override as mark_approved
from markets.services.void_market import void_market
from markets.types import ApprovedOverride, OverrideKind
from trading.selectors.market_pulse import note_seq
from trading.services._retry import retried
from trading.services.undo_settlement import undo_settlement


def approve_override(*, override_id: int, actor_id: int, reason: str = "", ip: str = "") -> int:
    """Carry out an override that waits.

    Returns: the ``seq`` of the journal record
    Raises:  OverrideNotFound, OverrideNotWaiting, OverrideOwn, ActionNotAllowed, and what carrying it out raises
    """
    return retried(lambda: _approve(override_id, actor_id, reason, ip))


def _approve(override_id: int, actor_id: int, reason: str, ip: str) -> int:
    with transaction.atomic():
        override = mark_approved(override_id=override_id, actor_id=actor_id, reason=reason, ip=ip)
        seq = _CARRY_OUT[override.kind](override)
    note_seq(override.market_id, seq)
    return seq


def _resolve(override: ApprovedOverride) -> int:
    return confirm_resolution(
        market_id=override.market_id,
        actor_id=override.requested_by,
        payouts=() if override.value else override.payouts,
        value=override.value,
        approved_by=override.approved_by,
    )


def _void(override: ApprovedOverride) -> int:
    return void_market(
        market_id=override.market_id,
        actor_id=override.requested_by,
        reason=override.reason,
        approved_by=override.approved_by,
    )


def _undo(override: ApprovedOverride) -> int:
    return undo_settlement(
        market_id=override.market_id,
        actor_id=override.requested_by,
        approved_by=override.approved_by,
        reason=override.reason,
    )


_CARRY_OUT: Final[Mapping[OverrideKind, Callable[[ApprovedOverride], int]]] = {
    OverrideKind.RESOLVE: _resolve,
    OverrideKind.VOID: _void,
    OverrideKind.UNDO: _undo,
}
