"""What people are making of markets, each for themselves; and all topics that a market may stand on."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from markets.models import MarketPlan, Topic
from markets.types import MarketStatus

_TOPICS_MAX: Final = 200


@dataclass(frozen=True, slots=True)
class PlanView:
    """``market_id`` and ``slug`` are of the draft that was made of it, empty before; ``is_drafted``: of all answers."""

    id: int
    template: str
    answers: Mapping[str, str]
    market_id: int | None
    slug: str
    is_drafted: bool
    updated_at: datetime

    @property
    def question(self) -> str:
        return self.answers.get("question", "")


def plan_of(plan_id: int, creator_id: int) -> PlanView | None:
    """Their own plan, as long as its market isn't published."""
    return next(iter(_views(creator_id, pk=plan_id)), None)


def plan_of_market(market_id: int, creator_id: int) -> PlanView | None:
    return next(iter(_views(creator_id, market_id=market_id)), None)


def own_plans(creator_id: int) -> tuple[PlanView, ...]:
    """The newest first."""
    return _views(creator_id)


def all_topics() -> tuple[tuple[str, str], ...]:
    """Slug and name, in the order of the home page."""
    return tuple(Topic.objects.order_by("position", "name").values_list("slug", "name")[:_TOPICS_MAX])


def _views(creator_id: int, **wanted: int) -> tuple[PlanView, ...]:
    found = MarketPlan.objects.filter(creator_id=creator_id, **wanted).select_related("market")
    return tuple(
        PlanView(
            id=plan.pk,
            template=plan.template,
            answers=plan.answers,
            market_id=plan.market_id,
            slug=plan.market.slug if plan.market else "",
            is_drafted=plan.market is not None and plan.drafted_at == plan.updated_at,
            updated_at=plan.updated_at,
        )
        for plan in found
        if plan.market is None or plan.market.status == MarketStatus.DRAFT
    )
