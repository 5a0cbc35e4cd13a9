"""Wiring of the admin site: opening a market also funds its maker rule, which an app above does."""

from django.contrib import admin
from django.utils.translation import gettext_lazy

from markets.admin.cases import CaseAdmin, OverrideAdmin
from markets.admin.markets import MarketAdmin
from markets.types import Decision
from trading.services.approve_override import approve_override
from trading.services.decide_case import decide_case
from trading.services.open_market import open_market


def _open(market_id: int, actor_id: int) -> int:
    return open_market(market_id, actor_id=actor_id)


def _approve(override_id: int, actor_id: int, reason: str, ip: str) -> int:
    return approve_override(override_id=override_id, actor_id=actor_id, reason=reason, ip=ip)


def _decide(case_id: int, actor_id: int, decision: Decision, reason: str, ip: str) -> object:
    return decide_case(case_id=case_id, actor_id=actor_id, decision=decision, reason=reason, ip=ip)


MarketAdmin.opening = staticmethod(_open)
OverrideAdmin.approving = staticmethod(_approve)
CaseAdmin.deciding = staticmethod(_decide)
admin.site.site_title = admin.site.site_header = "Opinion Market"
admin.site.index_title = gettext_lazy("Administration")
