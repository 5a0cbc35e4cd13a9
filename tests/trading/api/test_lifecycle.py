"""The life of a market over HTTP: who may do what, exact results, and refusals that change nothing."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine

from accounts.models import AuditRecord
from accounts.services.create_api_key import create_api_key
from accounts.types import Role
from common import clock
from markets.models import Market, MarketEvent
from markets.services.close_market import close_market
from markets.services.propose_resolution import propose_resolution
from tests.factories.accounts import make_user
from tests.factories.markets import make_categorical_draft, make_draft
from tests.trading.api.conftest import Api
from trading.services.open_market import open_market

WHY = {"reason": "The weather service reports 4 mm of rain."}
Unchanged = Callable[[], None]


@pytest.fixture
def mia(db: None) -> Api:
    """A market maker, who owns the market ``hers``."""
    user = make_user("mia", roles=(Role.TRADER, Role.MARKET_MAKER))
    return Api(user, create_api_key(user_id=user.pk, name="all", scopes=["read", "trade", "market"]).secret)


@pytest.fixture
def hers(mia: Api) -> Market:
    return make_draft(creator=mia.user, slug="hers", challenge_window_s=3_600, liquidity_lots=10_000_000)


@pytest.fixture
def closed(hers: Market) -> Market:
    open_market(hers.pk)
    close_market(market_id=hers.pk, actor_id=None)
    return hers


@pytest.fixture
def proposed(closed: Market) -> Market:
    propose_resolution(market_id=closed.pk, actor_id=closed.creator_id, payouts=[10_000, 0], **WHY)
    return closed


def _pointers(answer: Any) -> list[str]:
    return [error["pointer"] for error in answer.json()["errors"]]


def test_the_creator_opens_her_draft(mia: Api, hers: Market) -> None:
    answer = mia.post("/markets/hers/open", {})
    document = answer.json()
    assert answer.status_code == 200
    assert (document["status"], document["seq"], document["liquidity"]) == ("open", 2, "1000")
    assert answer.headers["X-Market-Seq"] == "2"
    again = mia.post("/markets/hers/open", {})
    assert (again.status_code, again.json()["code"]) == (409, "market.wrong_status")


def test_a_draft_of_somebody_else_is_not_there(dave: Api, alice: Api, hers: Market, unchanged: Unchanged) -> None:
    other = make_user("max", roles=(Role.TRADER, Role.MARKET_MAKER))
    max_ = Api(other, create_api_key(user_id=other.pk, name="all", scopes=["market"]).secret)
    assert max_.post("/markets/hers/open", {}).json()["code"] == "market.not_found"
    unchanged()
    assert dave.post(f"/markets/{hers.pk}/open", {}).json()["status"] == "open"


@pytest.mark.parametrize(
    ("payouts", "expected"),
    [
        ({"yes": "1"}, ["1.0000", "0.0000"]),
        ({"no": "1.0000", "yes": "0"}, ["0.0000", "1.0000"]),
        (["0.3", "0.7"], ["0.3000", "0.7000"]),
    ],
)
def test_a_proposal(mia: Api, closed: Market, payouts: Any, expected: list[str]) -> None:
    now = clock.now()
    with time_machine.travel(now, tick=False):
        document = mia.post("/markets/hers/propose", {"payouts": payouts, **WHY}).json()
    assert (document["status"], document["payouts"]) == ("proposed", None)
    proposal = document["proposal"]
    assert (proposal["payouts"], proposal["proposed_by"]) == (expected, "mia")
    assert proposal["reason"] == WHY["reason"]
    assert proposal["challenge_ends_at"] == clock.rfc3339(now + timedelta(hours=1))
    record = AuditRecord.objects.get(action="markets.propose")
    assert (record.actor_id, record.object_id, record.reason) == (mia.user.pk, str(closed.pk), WHY["reason"])


@pytest.mark.parametrize(
    ("payouts", "code", "word"),
    [
        (None, "field.required", "needed"),
        ("yes", "field.not_payouts", "yes, no"),
        ([], "field.not_payouts", "each of 2"),
        ({}, "field.not_payouts", "outcome"),
        (["1"], "field.not_payouts", "each of 2"),
        ({"maybe": "1"}, "field.not_payouts", "yes, no"),
        ({"yes": 1}, "field.not_payouts", "quotes"),
        ({"yes": "1.00001"}, "field.not_decimal", "yes"),
        (["0.5", "0.4"], "market.resolution_invalid", "add up"),
    ],
)
def test_payouts_that_are_none(
    mia: Api, closed: Market, unchanged: Unchanged, payouts: Any, code: str, word: str
) -> None:
    answer = mia.post("/markets/hers/propose", {"payouts": payouts, **WHY})
    assert answer.status_code in (400, 422)
    (error,) = answer.json()["errors"]
    assert (error["pointer"], error["code"]) == ("/payouts", code)
    assert word in error["detail"]
    unchanged()


def test_a_categorical_market_by_slug(dave: Api) -> None:
    market = make_categorical_draft(slug="abc")
    open_market(market.pk)
    close_market(market_id=market.pk, actor_id=None)
    document = dave.post("/markets/abc/propose", {"payouts": {"ben": "1"}, **WHY}).json()
    assert document["proposal"]["payouts"] == ["0.0000", "1.0000", "0.0000"]


def test_a_reason_is_needed(mia: Api, closed: Market, unchanged: Unchanged) -> None:
    assert _pointers(mia.post("/markets/hers/propose", {"payouts": {"yes": "1"}})) == ["/reason"]
    assert _pointers(mia.post("/markets/hers/propose", {"payouts": {"yes": "1"}, "reason": "x"})) == ["/reason"]
    unchanged()


def test_an_operator_only_may_go_on_after_a_dispute(
    alice: Api, bob: Api, mia: Api, dave: Api, proposed: Market
) -> None:
    document = alice.post("/markets/hers/dispute", {"reason": "It was another day."}).json()
    assert (document["status"], document["proposal"]["dispute_reason"]) == ("disputed", "It was another day.")
    assert bob.post("/markets/hers/dispute", {"reason": "Me too."}).json()["code"] == "market.wrong_status"
    assert mia.post("/markets/hers/confirm", {}).json()["code"] == "auth.scope_missing"
    other = dave.post("/markets/hers/confirm", {"payouts": {"no": "1"}})
    assert (other.status_code, other.json()["code"]) == (409, "market.approval_needed")
    document = dave.post("/markets/hers/confirm", {"payouts": {"yes": "1"}}).json()
    assert (document["status"], document["payouts"]) == ("resolved", ["1.0000", "0.0000"])
    kinds = list(MarketEvent.objects.filter(market=proposed).values_list("kind", "actor_id"))[-3:]
    assert kinds == [("proposed", mia.user.pk), ("disputed", alice.user.pk), ("resolved", dave.user.pk)]


def test_the_window_is_exact(alice: Api, dave: Api, proposed: Market, unchanged: Unchanged) -> None:
    proposed.refresh_from_db()
    early = dave.post("/markets/hers/confirm", {})
    assert (early.status_code, early.json()["code"]) == (409, "market.challenge_window_open")
    assert proposed.challenge_ends_at is not None
    with time_machine.travel(proposed.challenge_ends_at, tick=False):
        late = alice.post("/markets/hers/dispute", {"reason": "It was another day."})
        assert (late.status_code, late.json()["code"]) == (409, "market.challenge_window_over")
        unchanged()
        assert dave.post("/markets/hers/confirm", {}).json()["payouts"] == ["1.0000", "0.0000"]


def test_an_operator_halts_resumes_and_closes_but_does_not_void_alone(dave: Api, market: Market) -> None:
    steps = [("halt", WHY, "halted"), ("resume", {}, "open"), ("close", {}, "closed")]
    for action, body, status in steps:
        document = dave.post(f"/markets/rain/{action}", body).json()
        assert document["status"] == status, document
    audited = list(AuditRecord.objects.filter(action__startswith="markets.").order_by("id").values_list("action"))
    assert audited == [(f"markets.{action}",) for action, _, _ in steps]
    alone = dave.post("/markets/rain/void", WHY)
    assert (alone.status_code, alone.json()["code"], alone.json()["kind"]) == (409, "market.approval_needed", "void")
    market.refresh_from_db()
    assert market.status == "closed"


def test_a_creator_closes_her_own_market_early(mia: Api, hers: Market, market: Market) -> None:
    open_market(hers.pk)
    assert _pointers(mia.post("/markets/hers/close-early", {})) == ["/reason"]
    others = mia.post("/markets/rain/close-early", WHY)
    assert (others.status_code, others.json()["code"]) == (403, "market.action_not_allowed")
    assert not AuditRecord.objects.filter(action="markets.close").exists()
    assert mia.post("/markets/hers/close-early", WHY).json()["status"] == "closed"
    record = AuditRecord.objects.get(action="markets.close")
    assert (record.actor_id, record.object_id, record.reason) == (mia.user.pk, str(hers.pk), WHY["reason"])
    again = mia.post("/markets/hers/close-early", WHY)
    assert (again.status_code, again.json()["code"]) == (409, "market.wrong_status")
    market.refresh_from_db()
    assert market.status == "open"


ACTIONS = ["open", "close-early", "propose", "dispute", "halt", "resume", "close", "confirm", "void"]


@pytest.mark.parametrize("action", ACTIONS)
def test_without_the_right_nothing_happens(
    action: str, anonymous: Api, carol: Api, proposed: Market, unchanged: Unchanged
) -> None:
    body = {"reason": "Because."}
    assert anonymous.post(f"/markets/hers/{action}", body).status_code == 401
    assert carol.post(f"/markets/hers/{action}", body).status_code == 403
    unchanged()


@pytest.mark.parametrize("action", [action for action in ACTIONS if action != "dispute"])
def test_a_traders_key_only_disputes(action: str, alice: Api, proposed: Market, unchanged: Unchanged) -> None:
    answer = alice.post(f"/markets/hers/{action}", {})
    assert (answer.status_code, answer.json()["code"]) == (403, "auth.scope_missing")
    unchanged()


def test_a_creator_proposes_for_her_own_market_only(mia: Api, market: Market) -> None:
    close_market(market_id=market.pk, actor_id=None)
    answer = mia.post("/markets/rain/propose", {"payouts": {"yes": "1"}, **WHY})
    assert (answer.status_code, answer.json()["code"]) == (403, "market.action_not_allowed")
    market.refresh_from_db()
    assert (market.status, market.proposed_payouts) == ("closed", None)


def test_an_unknown_market_field_and_verb(dave: Api, market: Market, unchanged: Unchanged) -> None:
    assert dave.post("/markets/none/halt", WHY).json()["code"] == "market.not_found"
    assert _pointers(dave.post("/markets/rain/close", {"payouts": {"yes": "1"}})) == ["/payouts"]
    assert dave.post("/markets/rain/explode", {}).json()["code"] == "request.unknown_route"
    assert dave.get("/markets/rain/halt").status_code == 405
    unchanged()


def test_a_short_window_and_much_liquidity_are_named_as_sent(mia: Api, unchanged: Unchanged) -> None:
    body = {
        "question": "Will it rain in Faro tomorrow?",
        "rules": "The weather service decides.",
        "topic": "science",
        "closes_at": clock.rfc3339(clock.now() + timedelta(days=1)),
        "challenge_window_s": 0,
        "liquidity": "10000000.0001",
    }
    assert _pointers(mia.post("/markets", body)) == ["/liquidity", "/challenge_window_s"]
    unchanged()
