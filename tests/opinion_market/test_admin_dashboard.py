"""The first page of the administration: what waits, how the markets stand, what was done last."""

import pytest
import time_machine
from django.test import Client

from accounts.models import AuditRecord
from accounts.types import Role
from common import clock
from markets.models import Comment, Override
from markets.selectors.overrides import waiting_override_count
from markets.services.report import report_comment
from markets.services.request_override import request_override
from markets.types import OverrideKind, ReportReason
from opinion_market import admin_dashboard
from tests.factories.accounts import make_alice, make_bob, make_dave, make_user
from tests.factories.markets import make_closed_market, make_draft
from tests.factories.trading import live_market

pytestmark = pytest.mark.django_db


def _staff(*roles: Role) -> Client:
    browser = Client()
    browser.force_login(make_user("gina", roles=roles))
    return browser


def _tiles(browser: Client) -> dict[str, str]:
    return {tile.label: tile.count for tile in browser.get("/admin/").context["tiles"]}


def test_it_counts_what_waits_and_where_markets_stand() -> None:
    browser = _staff(Role.ADMIN)
    make_draft()
    market = live_market()
    comment = Comment.objects.create(market_id=market.pk, author=make_alice(), text="Buy!", created_at=clock.now())
    report_comment(comment_id=comment.pk, reporter_id=make_bob().pk, reason=ReportReason.SPAM)
    assert _tiles(browser) == {
        "Cases that wait": "1",
        "Overrides that wait": "0",
        "Open incidents": "0",
        "Draft markets": "1",
        "Open markets": "1",
        "Halted markets": "0",
        "Closed markets": "0",
        "Proposed markets": "0",
        "Disputed markets": "0",
    }


def test_it_leads_to_what_it_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    browser = _staff(Role.ADMIN)
    monkeypatch.setattr(admin_dashboard, "MARKETS_MOST", 1)
    make_draft(), make_draft()
    page = browser.get("/admin/")
    assert _tiles(browser)["Draft markets"] == "1+", "counted no further"
    assert [browser.get(tile.link).status_code for tile in page.context["tiles"]] == [200] * 9
    records = list(AuditRecord.objects.order_by("-id")[: admin_dashboard.RECORDS])
    assert list(page.context["records"]) == records
    for record in records:
        assert f"/admin/accounts/auditrecord/{record.pk}/change/" in page.content.decode()


def test_nobody_sees_what_their_roles_do_not_show() -> None:
    page = _staff(Role.MODERATOR).get("/admin/")
    assert [tile.label for tile in page.context["tiles"] if "incident" in tile.label] == []
    assert "records" not in page.context


def test_an_override_waits_until_nobody_can_approve_it_any_more() -> None:
    browser = _staff(Role.ADMIN)
    market = make_closed_market()
    asked = request_override(market_id=market.pk, actor_id=make_dave().pk, kind=OverrideKind.VOID, reason="It burned.")
    assert _tiles(browser)["Overrides that wait"] == "1"
    with time_machine.travel(Override.objects.get(pk=asked.pk).expires_at, tick=False):
        assert waiting_override_count() == 0
