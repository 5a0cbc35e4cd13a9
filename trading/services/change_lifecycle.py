"""Do one step of a market's lifecycle for a person; pages and the API come through here."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from django.conf import settings
from django.db import transaction

from markets.services.audit_action import audit_action
from markets.services.close_market import close_market
from markets.services.confirm_resolution import confirm_resolution
from markets.services.dispute_resolution import dispute_resolution
from markets.services.halt_market import halt_market
from markets.services.propose_resolution import propose_resolution
from markets.services.resume_market import resume_market
from markets.services.void_market import void_market
from markets.types import Action
from trading.selectors.market_pulse import note_seq
from trading.services.open_market import open_market


@dataclass(frozen=True, slots=True, kw_only=True)
class LifecycleStep:
    """``reason`` of halt, close, propose, dispute and void; ``payouts`` in 1/10,000 credit of propose and confirm, or
    the ``value`` of a numeric or date market;
    ``post_only_s`` of resume, empty for the site's default."""

    market_id: int
    actor_id: int
    action: Action
    reason: str = ""
    payouts: Sequence[int] = ()
    value: str = ""
    ip: str = ""
    post_only_s: int | None = None


def change_lifecycle(step: LifecycleStep) -> int:
    """Do ``step`` with its audit record.

    Returns: the ``seq`` of the journal record
    Raises:  MarketNotFound, WrongStatus, ActionNotAllowed, and what the service of the action raises
    """
    with transaction.atomic():
        seq = _PERFORM[step.action](step)
        audit_action(
            market_id=step.market_id, actor_id=step.actor_id, action=step.action, reason=step.reason, ip=step.ip
        )
    note_seq(step.market_id, seq)
    return seq


def _resume(step: LifecycleStep) -> int:
    post_only_s = settings.POST_ONLY_AFTER_HALT_S if step.post_only_s is None else step.post_only_s
    return resume_market(market_id=step.market_id, actor_id=step.actor_id, post_only_s=post_only_s)


_PERFORM: Final[Mapping[Action, Callable[[LifecycleStep], int]]] = {
    Action.OPEN: lambda step: open_market(step.market_id, actor_id=step.actor_id),
    Action.HALT: lambda step: halt_market(market_id=step.market_id, actor_id=step.actor_id, reason=step.reason),
    Action.RESUME: _resume,
    Action.CLOSE: lambda step: close_market(market_id=step.market_id, actor_id=step.actor_id, reason=step.reason),
    Action.PROPOSE: lambda step: propose_resolution(
        market_id=step.market_id,
        actor_id=step.actor_id,
        payouts=step.payouts,
        reason=step.reason,
        value=step.value,
    ),
    Action.DISPUTE: lambda step: dispute_resolution(
        market_id=step.market_id, actor_id=step.actor_id, reason=step.reason
    ),
    Action.CONFIRM: lambda step: confirm_resolution(
        market_id=step.market_id, actor_id=step.actor_id, payouts=step.payouts, value=step.value
    ),
    Action.VOID: lambda step: void_market(market_id=step.market_id, actor_id=step.actor_id, reason=step.reason),
}
