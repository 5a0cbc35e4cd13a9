"""What operators do only in pairs, through the API and in the admin."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import AuditRecord
from accounts.types import Role
from common import clock
from markets.models import Market, Override
from markets.services.close_market import close_market
from markets.services.dispute_resolution import dispute_resolution
from markets.services.propose_resolution import propose_resolution
from markets.services.request_override import expire
from tests.factories.accounts import make_user
from tests.factories.markets import make_resolved_market
from tests.trading.api.conftest import Api, api_of

pytestmark = pytest.mark.django_db
VOID = {"kind": "void", "reason": "The weather service is closed."}


@pytest.fixture
def erin(db: None) -> Api:
    return api_of(make_user("erin", roles=(Role.TRADER, Role.OPERATOR)), "read", "operate")


def test_one_asks_and_another_approves(dave: Api, erin: Api, market: Market) -> None:
    asked = dave.post("/markets/rain/overrides", VOID)
    assert asked.status_code == 201
    document = asked.json()
    assert (document["status"], document["requested_by"], document["decided_by"]) == ("waiting", "dave", None)
    own = dave.post(f"/overrides/{document['id']}/approve", {})
    assert (own.status_code, own.json()["code"]) == (403, "override.own")
    market.refresh_from_db()
    assert market.status == "open"
    done = erin.post(f"/overrides/{document['id']}/approve", {"reason": "I have called them."}).json()
    assert (done["status"], done["decided_by"], done["decision_reason"]) == ("approved", "erin", "I have called them.")
    market.refresh_from_db()
    assert market.status == "void"
    again = erin.post(f"/overrides/{document['id']}/approve", {})
    assert (again.status_code, again.json()["code"], again.json()["override_status"]) == (
        409,
        "override.not_waiting",
        "approved",
    )
    listed = erin.get("/markets/rain/overrides").json()["items"]
    assert [item["status"] for item in listed] == ["approved"]
    audited = AuditRecord.objects.filter(action__startswith="markets.override").order_by("pk")
    assert [(record.action, record.actor_id) for record in audited] == [
        ("markets.override_requested", dave.user.pk),
        ("markets.override_approved", erin.user.pk),
    ]


def test_a_dispute_is_decided_otherwise_by_two(dave: Api, erin: Api, alice: Api, market: Market) -> None:
    close_market(market_id=market.pk, actor_id=None)
    propose_resolution(market_id=market.pk, actor_id=None, payouts=(10_000, 0), reason="It rained.")
    early = dave.post("/markets/rain/overrides", {"kind": "resolve", "payouts": {"no": "1"}, "reason": "It did not."})
    assert (early.status_code, early.json()["code"]) == (409, "market.wrong_status")
    dispute_resolution(market_id=market.pk, actor_id=alice.user.pk, reason="It did not rain.")
    unclear = dave.post("/markets/rain/overrides", {"kind": "resolve", "reason": "It did not."})
    assert unclear.json()["errors"][0]["pointer"] == "/payouts"
    asked = dave.post("/markets/rain/overrides", {"kind": "resolve", "payouts": {"no": "1"}, "reason": "It did not."})
    assert erin.post(f"/overrides/{asked.json()['id']}/approve", {}).status_code == 200
    market.refresh_from_db()
    assert (market.status, market.payouts) == ("resolved", [0, 10_000])


def test_no_withdrawing_declining_and_being_late(dave: Api, erin: Api, market: Market) -> None:
    first = dave.post("/markets/rain/overrides", VOID).json()["id"]
    second = erin.post("/markets/rain/overrides", VOID)
    assert (second.status_code, second.json()["code"]) == (409, "override.waiting")
    assert dave.post(f"/overrides/{first}/decline", {}).json()["status"] == "withdrawn"
    third = erin.post("/markets/rain/overrides", VOID).json()["id"]
    declined = dave.post(f"/overrides/{third}/decline", {"reason": "They have only moved."}).json()
    assert (declined["status"], declined["decided_by"]) == ("declined", "dave")
    fourth = dave.post("/markets/rain/overrides", VOID).json()["id"]
    Override.objects.filter(pk=fourth).update(expires_at=clock.now() - timedelta(seconds=1))
    late = erin.post(f"/overrides/{fourth}/approve", {})
    assert (late.status_code, late.json()["code"]) == (409, "override.not_waiting")
    assert erin.get("/markets/rain/overrides").json()["items"][0]["status"] == "expired"
    assert (expire(clock.now()), expire(clock.now())) == (1, 0)
    market.refresh_from_db()
    assert market.status == "open"


def test_there_is_none(erin: Api) -> None:
    for number in ("1", "9" * 19):
        answer = erin.post(f"/overrides/{number}/approve", {})
        assert (answer.status_code, answer.json()["code"]) == (404, "override.not_found")


def _browser(handle: str) -> Client:
    browser = Client()
    browser.force_login(make_user(handle, roles=(Role.OPERATOR,)))
    return browser


def test_in_the_admin_as_well(market: Market) -> None:
    first, second = _browser("gina"), _browser("hugo")
    asked = first.post(reverse("admin:markets_market_do", args=[market.pk, "void"]), {"reason": "It is closed."})
    assert asked.status_code == 302
    override = Override.objects.get()
    market.refresh_from_db()
    assert (market.status, override.status) == ("open", "waiting")
    approve = reverse("admin:markets_override_do", args=[override.pk, "approve"])
    assert first.post(approve, {"reason": "Yes."}).status_code == 403
    assert second.post(approve, {"reason": "Yes."}).status_code == 302
    market.refresh_from_db()
    assert market.status == "void"


def test_an_undo_is_asked_for_in_the_admin() -> None:
    market = make_resolved_market()
    browser = _browser("gina")
    address = reverse("admin:markets_market_do", args=[market.pk, "undo"])
    assert browser.post(address, {"reason": "It was corrected."}).status_code == 302
    assert Override.objects.get().kind == "undo"
