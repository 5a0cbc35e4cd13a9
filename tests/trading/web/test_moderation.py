"""Reports of traders, the moderators' queue and what is decided, by plain forms."""

from typing import Any

import pytest
from django.test import Client, override_settings

from accounts.models import AuditRecord, User
from accounts.services.suspend_user import suspend_user
from accounts.types import Role
from alerting.models import Notification
from alerting.services.tell_of_cases import tell_of_cases
from markets.models import Case, Comment, Market, Report
from markets.selectors.cases import decided_cases
from markets.services.post_comment import post_comment
from markets.services.report import ask_approval, report_comment
from markets.types import ReportReason
from tests.factories.accounts import make_alice, make_bob, make_dave, make_user
from tests.factories.markets import make_draft
from trading.services.open_market import open_market

pytestmark = pytest.mark.django_db
WHY = "It insults another trader."


@pytest.fixture
def mona() -> User:
    return make_user("mona", roles=(Role.TRADER, Role.MODERATOR))


@pytest.fixture
def market() -> Market:
    draft = make_draft(creator=make_user("mia", roles=(Role.TRADER, Role.MARKET_MAKER)))
    open_market(draft.pk)
    draft.refresh_from_db()
    return draft


@pytest.fixture
def comment(market: Market) -> Comment:
    number = post_comment(market_id=market.pk, author_id=make_bob().pk, text="You are all fools. <b>All</b>")
    return Comment.objects.get(pk=number)


def _report(client: Client, reporter: User, path: str, reason: str = "abuse", text: str = "") -> Any:
    client.force_login(reporter)
    return client.post(path, {"reason": reason, "text": text})


def _decide(client: Client, moderator: User, case: Case, decision: str, reason: str = WHY, seen: str = "0") -> Any:
    client.force_login(moderator)
    return client.post(f"/moderation/cases/{case.pk}", {"decision": decision, "reason": reason, "seen": seen})


def test_a_report_is_decided_audited_and_told(client: Client, mona: User, comment: Comment) -> None:
    alice = make_alice()
    assert f'href="/comments/{comment.pk}/report"' in _page(client, alice, comment)
    answer = _report(client, alice, f"/comments/{comment.pk}/report", text="He wrote <i>this</i> before.")
    assert answer["Location"].endswith(f"#comment-{comment.pk}")
    case = Case.objects.get()
    client.force_login(mona)
    html = client.get("/moderation").content.decode()
    assert "He wrote &lt;i&gt;this&lt;/i&gt; before." in html
    assert "alice" in html
    _decide(client, mona, case, "hide")
    comment.refresh_from_db()
    case.refresh_from_db()
    assert (comment.status, comment.removal_reason) == ("hidden", WHY)
    assert (case.status, case.decision, case.decided_by_id) == ("decided", "hide", mona.pk)
    assert set(AuditRecord.objects.values_list("action", flat=True)) >= {"markets.decide_case", "markets.hide_comment"}
    assert tell_of_cases() == 1
    assert tell_of_cases() == 0
    told = {note.user_id: note.text for note in Notification.objects.filter(kind="moderation")}
    assert told == {
        alice.pk: f"The comment was hidden: {WHY}",
        comment.author_id: f"A comment of yours was hidden: {WHY}",
    }
    client.force_login(mona)
    assert WHY in client.get("/moderation?state=decided").content.decode()


def _page(client: Client, reader: User, comment: Comment) -> str:
    client.force_login(reader)
    return client.get(f"/markets/{comment.market.slug}").content.decode()


def test_several_reports_are_one_case(client: Client, comment: Comment) -> None:
    for reporter in (make_alice(), make_alice(), make_dave()):
        _report(client, reporter, f"/comments/{comment.pk}/report")
    case = Case.objects.get()
    assert (case.reports, Report.objects.count()) == (2, 2)


def test_the_second_moderator_is_told_who_was_first(client: Client, mona: User, comment: Comment) -> None:
    _report(client, make_alice(), f"/comments/{comment.pk}/report")
    case = Case.objects.get()
    other = make_user("nico", roles=(Role.TRADER, Role.MODERATOR))
    _decide(client, mona, case, "dismiss")
    answer = client.get("/moderation") and _decide(client, other, case, "hide")
    assert "mona has decided it already" in client.get(answer["Location"]).content.decode()
    comment.refresh_from_db()
    assert comment.status == "shown"
    _report(client, make_dave(), f"/comments/{comment.pk}/report")
    later = Case.objects.get(status="waiting")
    assert later.pk != case.pk, "a later report opens another case"
    _decide(client, other, later, "warn")
    first = decided_cases(limit=1)
    assert [one.id for one in first.items] == [later.pk]
    assert [one.id for one in decided_cases(limit=1, cursor=first.next_cursor).items] == [case.pk]
    assert client.get(f"/moderation?state=decided&cursor={first.next_cursor}").status_code == 200


@pytest.mark.parametrize(("decision", "action"), [("warn", "accounts.warn_user"), ("suspend", "accounts.suspend_user")])
def test_authors_are_warned_or_suspended(
    client: Client, mona: User, comment: Comment, decision: str, action: str
) -> None:
    _report(client, make_alice(), f"/comments/{comment.pk}/report")
    _decide(client, mona, Case.objects.get(), decision)
    author = User.objects.get(pk=comment.author_id)
    assert author.is_active is (decision == "warn")
    record = AuditRecord.objects.get(action=action)
    assert (record.object_id, record.reason, record.actor_id) == (str(author.pk), WHY, mona.pk)
    tell_of_cases()
    warned = Notification.objects.filter(user=author, kind="moderation").exists()
    assert warned is (decision == "warn")


def test_a_market_is_closed_by_whoever_may(client: Client, mona: User, market: Market) -> None:
    _report(client, make_alice(), f"/markets/{market.slug}/report", "manipulation")
    case = Case.objects.get()
    answer = _decide(client, mona, case, "close")
    assert "let you close" in client.get(answer["Location"]).content.decode().replace("&#x27;", "'")
    case.refresh_from_db()
    market.refresh_from_db()
    assert (case.status, market.status) == ("waiting", "open")
    _decide(client, make_dave(), case, "close")
    market.refresh_from_db()
    assert market.status == "closed"


def test_what_cannot_be_carried_out_is_not_decided(client: Client, comment: Comment, mona: User) -> None:
    _report(client, make_alice(), f"/comments/{comment.pk}/report")
    case = Case.objects.get()
    for decision, reason in (("approve", WHY), ("hide", ""), ("hide", "x" * 501), ("burn", WHY), ("", WHY)):
        assert _decide(client, mona, case, decision, reason)["Location"] == "/moderation"
    case.refresh_from_db()
    comment.refresh_from_db()
    assert (case.status, comment.status, AuditRecord.objects.count()) == ("waiting", "shown", 0)
    own = post_comment(market_id=comment.market_id, author_id=mona.pk, text="Mine.")
    other = report_comment(comment_id=own, reporter_id=make_alice().pk, reason=ReportReason.ABUSE)
    for decision in ("suspend", "dismiss"):
        _decide(client, mona, Case.objects.get(pk=other), decision)
        assert Case.objects.get(pk=other).status == "waiting", "nobody decides about themselves"


def test_what_is_no_report_is_refused(client: Client, comment: Comment, market: Market, mona: User) -> None:
    bob, path = make_bob(), f"/comments/{comment.pk}/report"
    assert _report(client, bob, path).status_code == 422, "one's own"
    assert _report(client, market.creator, f"/markets/{market.slug}/report").status_code == 422
    assert _report(client, make_alice(), path, "boring").status_code == 422
    assert _report(client, make_alice(), path, "").status_code == 422
    assert _report(client, make_alice(), path, text="a" * 501).status_code == 422
    assert _report(client, make_user("carol", roles=()), path).status_code == 403
    assert client.get("/comments/999999999999999999/report").status_code == 404
    client.logout()
    assert client.post(path, {"reason": "spam"})["Location"].startswith("/accounts/login")
    assert Case.objects.count() == 0


def test_the_queue_is_for_staff_and_pages_by_key(
    client: Client, mona: User, market: Market, django_assert_max_num_queries: Any
) -> None:
    client.force_login(make_alice())
    assert client.get("/moderation").status_code == 403
    assert client.post("/moderation/cases/1", {"decision": "hide"}).status_code == 403
    client.force_login(mona)
    assert "Nothing waits" in client.get("/moderation").content.decode()
    for number in range(23):
        made = post_comment(market_id=market.pk, author_id=make_bob().pk, text=f"Say {number}")
        report_comment(comment_id=made, reporter_id=market.creator_id, reason=ReportReason.SPAM)
    with django_assert_max_num_queries(11):
        html = client.get("/moderation").content.decode()
    assert html.count('class="panel case"') == 20
    assert "Say 0<" in html
    assert "Say 20<" not in html
    address = html.split("cursor=")[1].split('"')[0]
    html = client.get(f"/moderation?cursor={address}").content.decode()
    assert html.count('class="panel case"') == 3
    assert "Say 20<" in html
    assert client.get("/moderation?cursor=nonsense&kind=%00&state=odd").status_code == 200
    assert "Nothing waits for you" in client.get("/moderation?kind=market").content.decode()


@override_settings(MARKET_APPROVAL=True)
def test_a_new_market_waits_for_approval(client: Client) -> None:
    mia = make_user("mia", roles=(Role.TRADER, Role.MARKET_MAKER))
    draft, dave = make_draft(creator=mia), make_dave()
    client.force_login(mia)
    assert client.post(f"/markets/{draft.slug}/open").status_code == 409
    draft.refresh_from_db()
    assert draft.status == "draft"
    case = Case.objects.get(pk=ask_approval(market_id=draft.pk, creator_id=mia.pk))
    assert ask_approval(market_id=draft.pk, creator_id=mia.pk) == case.pk
    client.force_login(dave)
    html = client.get("/moderation").content.decode()
    seen = html.split('name="seen" value="')[1].split('"')[0]
    _decide(client, dave, case, "approve", "Clear rules.", seen="0")
    draft.refresh_from_db()
    assert draft.status == "draft", "it isn't what was looked at"
    _decide(client, dave, case, "approve", "Clear rules.", seen=seen)
    draft.refresh_from_db()
    assert draft.status == "open"
    tell_of_cases()
    assert Notification.objects.get(user=mia).text == "Your market is approved and open: Clear rules."


def test_a_suspended_reader_is_out(client: Client, mona: User, comment: Comment) -> None:
    client.force_login(mona)
    suspend_user(user_id=mona.pk, actor_id=make_dave().pk)
    assert client.get("/moderation").status_code == 302
