"""Keep what somebody has filled in of a market that they are making, and make its draft.

Contract   A plan belongs to one person and nobody else reads it. What is kept may be wrong or missing; only the draft
           is checked. Two windows at once: each field is what was sent last.
Bound      ``PLANS_MAX`` plans a person, ``ANSWER_LENGTH_MAX`` characters a field.
"""

from collections.abc import Mapping
from typing import Final

from django.db import transaction
from django.db.models import Q

from accounts.selectors.people import has_permission
from common import clock
from common.errors import FieldError
from markets.engine.drafting import checked
from markets.errors import ActionNotAllowed, MarketInvalid, PlanNotFound, PlansTooMany
from markets.models import Market, MarketPlan
from markets.services.create_market import create_market
from markets.services.edit_draft import edit_draft
from markets.types import MarketSpec, MarketStatus

PLANS_MAX: Final = 20
ANSWER_LENGTH_MAX: Final = 20_000


def begin_plan(*, creator_id: int, template: str, answers: Mapping[str, str], market_id: int | None = None) -> int:
    """A new plan, of the draft ``market_id`` if one exists already.

    Returns: its id
    Raises:  ActionNotAllowed, PlansTooMany
    """
    if not has_permission(creator_id, "markets.add_market"):
        raise ActionNotAllowed("Your role doesn't let you make markets. Ask staff for the role of a market maker.")
    now = clock.now()
    with transaction.atomic():
        begun = MarketPlan.objects.filter(Q(market=None) | Q(market__status=MarketStatus.DRAFT), creator_id=creator_id)
        if begun.count() >= PLANS_MAX:
            raise PlansTooMany(f"You have begun {PLANS_MAX} markets. Publish or discard one first.")
        return MarketPlan.objects.create(
            creator_id=creator_id,
            template=template,
            answers=_kept(answers),
            market_id=market_id,
            created_at=now,
            updated_at=now,
            drafted_at=now if market_id else None,
        ).pk


def keep_answers(*, plan_id: int, creator_id: int, answers: Mapping[str, str]) -> None:
    """Keep these fields beside the others. Raises: PlanNotFound"""
    with transaction.atomic():
        plan = _locked(plan_id, creator_id)
        before, plan.answers = plan.answers, {**plan.answers, **_kept(answers)}
        if plan.answers != before:
            plan.updated_at = clock.now()
            plan.save(update_fields=["answers", "updated_at"])


def make_draft(*, plan_id: int, creator_id: int, spec: MarketSpec) -> Market:
    """The draft of the plan, made now or brought to what ``spec`` says.

    Raises: PlanNotFound, ActionNotAllowed, MarketInvalid, SlugTaken, WrongStatus
    """
    with transaction.atomic():
        plan = _locked(plan_id, creator_id)
        if plan.market_id is None:
            plan.market = create_market(creator_id=creator_id, spec=spec)
        else:
            edit_draft(market_id=plan.market_id, actor_id=creator_id, spec=spec)
        plan.drafted_at = plan.updated_at
        plan.save(update_fields=["market", "drafted_at"])
    assert plan.market is not None, "it was made or was there"
    return plan.market


def discard_plan(*, plan_id: int, creator_id: int) -> None:
    """Forget what was filled in; a draft that was made of it stays. Raises: PlanNotFound"""
    with transaction.atomic():
        _locked(plan_id, creator_id).delete()


def forget_plans(user_id: int) -> None:
    """Let go what somebody who leaves has begun."""
    MarketPlan.objects.filter(creator_id=user_id).delete()


def spec_problems(spec: MarketSpec) -> tuple[FieldError, ...]:
    """What is wrong with it so far; empty: a draft can be made, unless its address or committee is refused."""
    try:
        checked(spec, clock.now())
    except MarketInvalid as refusal:
        return tuple(refusal.errors)
    return ()


def _locked(plan_id: int, creator_id: int) -> MarketPlan:
    plan = MarketPlan.objects.select_for_update(of=("self",)).filter(pk=plan_id, creator_id=creator_id).first()
    if plan is None or (plan.market_id and plan.market and plan.market.status != MarketStatus.DRAFT):
        raise PlanNotFound("There is no such plan of yours. It may be a market by now.")
    return plan


def _kept(answers: Mapping[str, str]) -> dict[str, str]:
    # PostgreSQL keeps no NUL in JSON.
    return {name: text.replace("\0", "")[:ANSWER_LENGTH_MAX] for name, text in answers.items()}
