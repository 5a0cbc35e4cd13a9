"""Reports of comments and markets, and announcements, through the API."""

from datetime import timedelta

import pytest

from accounts.services.announce import AnnouncementSpec, announce
from accounts.types import Audience
from common import clock
from markets.models import Case, Market, Report
from tests.factories.accounts import make_dave
from tests.factories.markets import make_draft
from tests.trading.api.conftest import Api

pytestmark = pytest.mark.django_db
SPAM = {"reason": "spam", "text": "The same link everywhere."}


def test_a_comment_and_a_market_are_reported_once(alice: Api, dave: Api, market: Market) -> None:
    said = alice.post(f"/markets/{market.slug}/comments", {"text": "Buy my book."}).json()
    path = f"/comments/{said['id']}/reports"
    first = dave.post(path, SPAM)
    assert first.status_code == 201
    assert dave.post(path, SPAM).json() == first.json()
    assert alice.post(path, SPAM).json()["code"] == "case.report_invalid"
    assert alice.post(f"/markets/{market.slug}/reports", {"reason": "unclear"}).status_code == 201
    assert sorted(Case.objects.values_list("kind", "reports")) == [("comment", 1), ("market", 1)]


def test_only_traders_report_and_say_why(alice: Api, carol: Api, anonymous: Api, market: Market) -> None:
    path = f"/markets/{market.slug}/reports"
    assert anonymous.post(path, SPAM).status_code == 401
    assert carol.post(path, SPAM).json()["code"] == "auth.permission_missing"
    for body in ({}, {"reason": "boring"}, {"reason": "spam", "text": "a" * 501}, {"reason": "spam", "more": 1}):
        assert alice.post(path, body).status_code in (400, 422)
    assert alice.post("/comments/4711/reports", SPAM).json()["code"] == "comment.not_found"
    assert alice.post(f"/comments/{10**18}0/reports", SPAM).status_code == 404
    draft = make_draft()
    assert alice.post(f"/markets/{draft.pk}/reports", SPAM).status_code == 404
    assert Report.objects.count() == 0


def test_announcements_are_told_to_their_audience(alice: Api, dave: Api, anonymous: Api) -> None:
    now = clock.now()
    for audience in Audience:
        spec = AnnouncementSpec(
            title=f"For {audience}",
            text="",
            audience=audience,
            starts_at=now - timedelta(hours=1),
            ends_at=now + timedelta(hours=1),
        )
        announce(actor_id=make_dave().pk, spec=spec)
    told = {
        name: [one["audience"] for one in caller.get("/announcements").json()["items"]]
        for name, caller in (("anonymous", anonymous), ("alice", alice), ("dave", dave))
    }
    assert told == {
        "anonymous": ["everybody"],
        "alice": ["members", "everybody"],
        "dave": ["staff", "makers", "members", "everybody"],
    }
