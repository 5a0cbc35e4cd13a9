"""Many things at once in the administration: asked again with a list, done one by one, each told and recorded."""

from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoCaptureOnCommitCallbacks

from accounts.models import AuditRecord, User
from accounts.types import Role
from common import clock
from markets.models import Case, Comment, Market, Series, SeriesEvent
from markets.services.report import ask_approval, report_comment
from markets.services.save_series import create_series
from markets.types import Cadence, ReportReason, SeriesSpec
from tests.factories.accounts import make_alice, make_bob, make_dave, make_user
from tests.factories.markets import make_draft
from tests.factories.rows import row_market
from tests.factories.trading import live_market

pytestmark = pytest.mark.django_db
WHY = {"reason": "The source is in doubt."}


def _staff(*roles: Role) -> Client:
    browser = Client()
    browser.force_login(make_user("gina", roles=roles))
    return browser


@pytest.fixture
def admins() -> Client:
    return _staff(Role.ADMIN)


def _chosen(browser: Client, model: str, action: str, rows: list[Any], **more: Any) -> Any:
    ids = [str(row.pk) for row in rows]
    return browser.post(f"/admin/{model}/", {"action": action, "_selected_action": ids, "index": "0", **more})


def _told(answer: Any) -> list[tuple[bool, str]]:
    return [(one.is_possible, one.words) for one in answer.context["handled"]]


def _audited(action: str) -> list[tuple[str, str]]:
    return list(AuditRecord.objects.filter(action=action).order_by("id").values_list("object_id", "reason"))


def test_markets_are_halted_resumed_and_closed_one_by_one(admins: Client) -> None:
    first, second = live_market(), live_market()
    draft = make_draft()
    leads = _chosen(admins, "markets/market", "halt", [first, draft, second])
    asked = admins.get(leads.headers["Location"])
    text = asked.content.decode()
    assert sorted(_told(asked)) == [(False, "Not possible now: it is draft."), (True, "open"), (True, "open")]
    assert "Halt is possible for 2 of 3." in text
    assert first.question in text
    assert not AuditRecord.objects.filter(action="markets.halt").exists(), "nothing has happened yet"
    assert admins.post(leads.headers["Location"], {"reason": ""}).status_code == 422
    assert set(Market.objects.values_list("status", flat=True)) == {"open", "draft"}
    done = admins.post(leads.headers["Location"], WHY)
    assert "Done to 2 of 3." in done.content.decode()
    assert set(_told(done)) == {(True, "The market is halted now."), (False, "Not possible now: it is draft.")}
    assert sorted(_audited("markets.halt")) == sorted((str(m.pk), WHY["reason"]) for m in (first, second))
    for action, status in (("resume", "open"), ("close", "closed")):
        admins.post(f"/admin/markets/market/many/{action}/?ids={first.pk},{second.pk}", WHY)
        assert set(Market.objects.filter(pk__in=[first.pk, second.pk]).values_list("status", flat=True)) == {status}
        assert len(_audited(f"markets.{action}")) == 2


def test_what_is_refused_keeps_no_other_back(admins: Client) -> None:
    good, late = make_draft(), make_draft()
    Market.objects.filter(pk=late.pk).update(closes_at=clock.now())
    answer = admins.post(f"/admin/markets/market/many/open/?ids={late.pk},{good.pk},{good.pk},999999", WHY)
    assert _told(answer) == [
        (False, "The market would close in the past. Choose a later closes_at."),
        (True, "The market is open now."),
    ]
    assert _audited("markets.open") == [(str(good.pk), WHY["reason"])]
    late.refresh_from_db()
    assert late.status == "draft"


def test_people_are_suspended_and_reinstated_but_not_oneself() -> None:
    admins = _staff(Role.ADMIN)
    alice, bob, gina = make_alice(), make_bob(), User.objects.get(username="gina")
    root = User.objects.create(username="zoe", is_superuser=True)
    people = [alice, bob, gina, root]
    leads = _chosen(admins, "accounts/user", "suspend", people)
    told = {
        one.target: (one.is_possible, one.words)
        for one in admins.post(leads.headers["Location"], WHY).context["handled"]
    }
    assert told == {
        "alice": (True, "alice is suspended."),
        "bob": (True, "bob is suspended."),
        "gina": (False, "Nobody suspends or reinstates their own account. Ask somebody else."),
        "zoe": (False, "Only a superuser may do this to a superuser."),
    }
    assert list(User.objects.filter(is_active=False).order_by("username").values_list("username", flat=True)) == [
        "alice",
        "bob",
    ]
    assert sorted(_audited("accounts.suspend_user")) == sorted((str(one.pk), WHY["reason"]) for one in (alice, bob))
    admins.post(f"/admin/accounts/user/many/reinstate/?ids={alice.pk},{bob.pk}", WHY)
    assert not User.objects.filter(is_active=False).exists()
    assert len(_audited("accounts.reinstate_user")) == 2


def test_comments_are_hidden_and_shown_again(admins: Client) -> None:
    market, alice = row_market(), make_alice()
    said = [Comment.objects.create(market=market, author=alice, text=t, created_at=clock.now()) for t in ("a", "b")]
    ids = ",".join(str(one.pk) for one in said)
    for action, status in (("hide", "hidden"), ("show", "shown")):
        admins.post(f"/admin/markets/comment/many/{action}/?ids={ids}", WHY)
        assert set(Comment.objects.values_list("status", flat=True)) == {status}
    assert len(_audited("markets.hide_comment")) == len(_audited("markets.restore_comment")) == 2


def test_cases_are_decided_each_as_it_can_be(
    admins: Client, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    comment = Comment.objects.create(market=row_market(), author=make_bob(), text="a", created_at=clock.now())
    reported = report_comment(comment_id=comment.pk, reporter_id=make_alice().pk, reason=ReportReason.SPAM)
    draft = make_draft()
    asked = ask_approval(market_id=draft.pk, creator_id=draft.creator_id)
    page = f"/admin/markets/case/many/approve/?ids={reported},{asked}"
    with django_capture_on_commit_callbacks(execute=True):
        answer = admins.post(page, WHY)
    assert [one for one, _ in _told(answer)] == [False, True]
    assert list(Case.objects.order_by("id").values_list("status", "decision")) == [
        ("waiting", ""),
        ("decided", "approve"),
    ]
    assert Market.objects.get(pk=draft.pk).status == "open"
    admins.post(f"/admin/markets/case/many/hide/?ids={reported},{asked}", WHY)
    assert Comment.objects.get().status == "hidden"
    assert [number for number, _ in _audited("markets.decide_case")] == [str(asked), str(reported)]


def test_only_who_may_and_only_what_can_be_read(admins: Client) -> None:
    market = live_market()
    analyst = Client()
    analyst.force_login(make_user("anna", roles=(Role.ANALYST,)))
    assert analyst.get(f"/admin/markets/market/many/halt/?ids={market.pk}").status_code == 403
    assert analyst.post(f"/admin/markets/market/many/halt/?ids={market.pk}", WHY).status_code == 403
    assert 'name="action"' not in analyst.get("/admin/markets/market/").content.decode()
    assert admins.get(f"/admin/markets/market/many/void/?ids={market.pk}").status_code == 403
    too_many = ",".join(map(str, range(1, 102)))
    for ids in ("", "a", "1,,2", "-1", "9" * 19, too_many, "1\0"):
        assert admins.get("/admin/markets/market/many/halt/", {"ids": ids}).status_code == 404
    trader = Client()
    trader.force_login(make_alice())
    assert trader.post(f"/admin/markets/market/many/halt/?ids={market.pk}", WHY).status_code == 302
    market.refresh_from_db()
    assert market.status == "open"


def test_more_than_fit_at_once_are_refused(admins: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("common.staff_pages.MANY_MAX", 1)
    answer = _chosen(admins, "markets/market", "halt", [live_market(), live_market()])
    assert answer.headers["Location"] == "/admin/markets/market/"
    assert "Choose at most 1 at once." in admins.get("/admin/markets/market/").content.decode()


def test_a_series_is_changed_with_a_reason(admins: Client) -> None:
    series = create_series(creator_id=make_dave().pk, spec=SeriesSpec(name="Rain", cadence=Cadence.DAILY))
    create_series(creator_id=make_dave().pk, spec=SeriesSpec(name="Sun", cadence=Cadence.DAILY))
    row_market(event_group="Monday")
    page = f"/admin/markets/series/{series.pk}/do"
    assert admins.post(f"{page}/place/", {"event": "Monday", **WHY}).status_code == 302
    assert "Monday" in admins.get(f"/admin/markets/series/{series.pk}/change/").content.decode()
    assert admins.post(f"{page}/change/", {"name": "Sun", "cadence": "daily", **WHY}).status_code == 422
    assert admins.post(f"{page}/change/", {"name": "Rain now", "cadence": "weekly", **WHY}).status_code == 302
    assert admins.post(f"{page}/out/", {"event": "Monday", **WHY}).status_code == 302
    assert Series.objects.values_list("name", "cadence").get(pk=series.pk) == ("Rain now", "weekly")
    assert not SeriesEvent.objects.exists()
    for action in ("place_event", "edit_series", "take_event_out"):
        assert _audited(f"markets.{action}") == [(str(series.pk), WHY["reason"])]
