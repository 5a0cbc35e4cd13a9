"""What somebody has begun: told to them as a whole, and let go when they leave."""

import pytest

from accounts.types import Role
from common.personal_data import part_rows, parts
from markets.models import MarketPlan
from markets.services.plan_market import begin_plan, forget_plans, keep_answers
from markets.services.report import report_market
from markets.types import ReportReason
from tests.factories.accounts import make_user
from tests.factories.markets import make_market

pytestmark = pytest.mark.django_db


def test_plans_and_reports_are_told_and_let_go() -> None:
    mia = make_user("mia", roles=(Role.TRADER, Role.MARKET_MAKER))
    plan_id = begin_plan(creator_id=mia.pk, template="by-date", answers={"question": "Will\0 it?"})
    keep_answers(plan_id=plan_id, creator_id=mia.pk, answers={"rules": "a" * 30_000})
    market = make_market()
    report_market(market_id=market.pk, reporter_id=mia.pk, reason=ReportReason.OTHER, text="Odd.")
    told = {part.name: list(part_rows(part, mia.pk)) for part in parts() if part.name in ("plans", "reports")}
    assert [(row["id"], row["template"]) for row in told["plans"]] == [(plan_id, "by-date")]
    assert [(row["market"], row["reason"], row["text"]) for row in told["reports"]] == [(market.slug, "other", "Odd.")]
    kept = MarketPlan.objects.get().answers
    assert (kept["question"], len(kept["rules"])) == ("Will it?", 20_000)
    forget_plans(mia.pk)
    assert MarketPlan.objects.count() == 0
