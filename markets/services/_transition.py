"""The common course of every lifecycle change: lock, check, compute, write, publish.

Contract   ``begin`` locks the head, then the market; ``finish`` writes the market, the journal record and
           the event. Both run in the caller's one transaction.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from accounts.selectors.people import has_permission, is_active
from common import clock
from common.bus import publish_on_commit
from common.text import clean_text
from markets.engine.lifecycle import EVENT_OF, next_status
from markets.errors import ApprovalNeeded, MarketInvalid, MarketNotFound
from markets.events import MarketChanged
from markets.locks import lock_head
from markets.models import Market
from markets.services import journal
from markets.types import Action, MarketStatus, OverrideKind, Party, ResolutionPolicy

REASON_LENGTH_MAX = 2_000


@dataclass(frozen=True, slots=True)
class Transition:
    """A change that is allowed and under way."""

    market: Market
    action: Action
    target: MarketStatus
    actor_id: int | None
    at: datetime
    seq: int


def begin(action: Action, market_id: int, actor_id: int | None) -> Transition:
    """Take the locks and check status, then permission. ``actor_id`` empty: the site itself acts."""
    seq = lock_head(None, market_id) + 1
    market = Market.objects.select_for_update().get(pk=market_id)
    policy = policy_now(market)
    target = next_status(action, MarketStatus(market.status), parties_of(market, actor_id), policy)
    return Transition(market, action, target, actor_id, clock.now(), seq)


def finish(
    transition: Transition,
    event: type[MarketChanged],
    *,
    changes: Mapping[str, Any] | None = None,
    data: Mapping[str, Any] | None = None,
) -> int:
    """Write the change and return its ``seq``."""
    market, changes = transition.market, {"status": transition.target.value, **(changes or {})}
    for field, value in changes.items():
        setattr(market, field, value)
    market.save(update_fields=list(changes))
    journal.record(
        market.pk, EVENT_OF[transition.action], at=transition.at, actor_id=transition.actor_id, data=data or {}
    )
    publish_on_commit(event(market.pk, transition.seq))
    return transition.seq


def parties_of(market: Market, actor_id: int | None) -> frozenset[Party]:
    """In what capacities the actor acts; a suspended person acts in none."""
    if actor_id is None:
        return frozenset({Party.SYSTEM})
    if not is_active(actor_id):
        return frozenset()
    parties = {Party.TRADER}
    if market.creator_id == actor_id:
        parties.add(Party.CREATOR)
    if has_permission(actor_id, "markets.operate_market"):
        parties.add(Party.OPERATOR)
    return frozenset(parties)


def check_approved(transition: Transition, approved_by: int | None, kind: OverrideKind) -> None:
    """One person alone doesn't override what others rely on; the site itself may. Raises ``ApprovalNeeded``."""
    if transition.actor_id is not None and approved_by is None:
        raise ApprovalNeeded(
            "A second operator has to agree: ask for it with POST .../overrides.", extra={"kind": kind.value}
        )
    assert approved_by is None or approved_by != transition.actor_id, "two people"


def approval(approved_by: int | None) -> dict[str, int]:
    """What the journal tells of the second person."""
    return {} if approved_by is None else {"approved_by": approved_by}


def policy_now(market: Market) -> ResolutionPolicy:
    """What was laid down, until staff have to take over."""
    return ResolutionPolicy.STAFF if market.is_staff_turn else ResolutionPolicy(market.resolution_policy)


def market_or_refuse(market_id: int) -> Market:
    market = Market.objects.filter(pk=market_id).first()
    if market is None:
        raise MarketNotFound(f"There is no market {market_id}.", field="/market_id")
    return market


def clean_reason(reason: str) -> str:
    """A reason that readers of the journal will see; raises ``MarketInvalid``."""
    try:
        return clean_text(reason, length_min=3, length_max=REASON_LENGTH_MAX, is_one_line=False)
    except ValueError as problem:
        raise MarketInvalid(f"The reason {problem}.", field="/reason") from problem
