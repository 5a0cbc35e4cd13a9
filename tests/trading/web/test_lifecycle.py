"""The life of a market by plain forms, as a browser without scripts sends them."""

import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from accounts.models import AuditRecord, User
from accounts.types import Role
from markets.models import Market, MarketEvent
from markets.services.close_market import close_market
from markets.services.confirm_resolution import confirm_resolution
from markets.services.decide_override import decline_override
from markets.services.halt_market import halt_market
from markets.services.propose_resolution import propose_resolution
from markets.services.request_override import request_override
from markets.types import OverrideKind
from tests.factories.accounts import make_alice, make_carol, make_dave, make_user
from tests.factories.markets import make_categorical_draft, make_draft
from trading.services.approve_override import approve_override
from trading.services.open_market import open_market

pytestmark = pytest.mark.django_db
WHY = "The weather service reports rain."


@pytest.fixture
def mia() -> User:
    return make_user("mia", roles=(Role.TRADER, Role.MARKET_MAKER))


@pytest.fixture
def draft(mia: User) -> Market:
    return make_draft(creator=mia, challenge_window_s=7_200)


@pytest.fixture
def closed(draft: Market) -> Market:
    open_market(draft.pk)
    close_market(market_id=draft.pk, actor_id=None)
    return draft


@pytest.fixture
def proposed(closed: Market) -> Market:
    propose_resolution(market_id=closed.pk, actor_id=closed.creator_id, payouts=[3_000, 7_000], reason=WHY)
    closed.refresh_from_db()
    return closed


def _state(market: Market) -> tuple[Any, ...]:
    market.refresh_from_db()
    return market.status, market.proposed_payouts, MarketEvent.objects.count(), AuditRecord.objects.count()


def _page(client: Client, market: Market, user: User | None) -> str:
    if user is not None:
        client.force_login(user)
    return client.get(f"/markets/{market.slug}").content.decode()


def _offered(html: str, market: Market) -> list[str]:
    actions = ("open", "close", "propose", "dispute")
    return [action for action in actions if f'action="/markets/{market.slug}/{action}"' in html]


def test_the_page_offers_what_the_reader_may_do(client: Client, mia: User, draft: Market) -> None:
    assert _offered(_page(client, draft, mia), draft) == ["open"]
    open_market(draft.pk)
    assert _offered(_page(client, draft, mia), draft) == ["close"]
    assert _offered(_page(client, draft, make_dave()), draft) == ["close"]
    assert _offered(_page(client, draft, make_alice()), draft) == []
    close_market(market_id=draft.pk, actor_id=None)
    assert _offered(_page(client, draft, mia), draft) == ["propose"]
    assert _offered(_page(client, draft, make_alice()), draft) == []


def test_a_proposal_is_told_and_traders_may_dispute_it(client: Client, proposed: Market) -> None:
    html = _page(client, proposed, None)
    assert "Proposed result" in html
    assert "Yes 30¢, No 70¢" in html
    assert "<dt>Proposed by</dt><dd>mia, <time" in html
    assert WHY in html
    assert proposed.challenge_ends_at is not None
    assert f'title="{proposed.challenge_ends_at:%d %b %Y, %H:%M:%S} UTC">1 h left</time>' in html
    assert _offered(html, proposed) == []
    assert _offered(_page(client, proposed, make_carol()), proposed) == []
    assert _offered(_page(client, proposed, make_alice()), proposed) == ["dispute"]


def test_after_the_window_nothing_is_offered_and_a_late_form_is_refused(client: Client, proposed: Market) -> None:
    assert proposed.challenge_ends_at is not None
    before = _state(proposed)
    with time_machine.travel(proposed.challenge_ends_at + timedelta(seconds=1), tick=False):
        assert _offered(_page(client, proposed, make_alice()), proposed) == []
        answer = client.post(f"/markets/{proposed.slug}/dispute", {"reason": "It was another day."})
    assert answer.status_code == 409
    assert "The challenge window is over." in answer.content.decode()
    assert _state(proposed) == before


def test_a_trader_disputes(client: Client, proposed: Market) -> None:
    alice = make_alice()
    client.force_login(alice)
    answer = client.post(f"/markets/{proposed.slug}/dispute", {"reason": "It was another day."}, follow=True)
    html = answer.content.decode()
    assert answer.redirect_chain == [(f"/markets/{proposed.slug}", 302)]
    assert "Your objection is noted. Staff will decide." in html
    assert "Objections until" not in html
    assert "<dt>Disputed</dt><dd>It was another day. <span" in html
    assert _offered(html, proposed) == []
    proposed.refresh_from_db()
    assert (proposed.status, proposed.disputed_by_id) == ("disputed", alice.pk)
    assert AuditRecord.objects.get(action="markets.dispute").actor_id == alice.pk


def _steps(html: str) -> list[str]:
    """The life of the market as the page tells it: what happened, and by whom."""
    life = html.partition('<ol class="timeline"')[2].partition("</ol>")[0]
    rows = re.findall(r"<li><strong>(.*?)</strong>.*?</time>(?: <span class=\"muted\">(.*?)</span>)?</li>", life)
    return [" ".join(row).strip() for row in rows]


def test_the_life_of_a_market_tells_of_the_dispute(client: Client, proposed: Market) -> None:
    before = _steps(_page(client, proposed, None))
    told = ["Created by mia", "Opened for trading", "Trading ended", "Outcome proposed by mia"]
    assert before == [*told, "Objections until"]
    client.force_login(make_alice())
    client.post(f"/markets/{proposed.slug}/dispute", {"reason": "It was another day."})
    assert _steps(_page(client, proposed, None)) == [*told, "Disputed by alice"]
    confirm_resolution(market_id=proposed.pk, actor_id=make_dave().pk)
    assert _steps(_page(client, proposed, None))[4:6] == ["Disputed by alice", "Resolved"]


def test_the_creator_opens(client: Client, mia: User, draft: Market) -> None:
    client.force_login(mia)
    answer = client.post(f"/markets/{draft.slug}/open", follow=True)
    assert "The market is open." in answer.content.decode()
    assert _state(draft)[0] == "open"


EARLY = {"is_meant": "on", "reason": "The bridge was opened this morning."}


@pytest.mark.parametrize("by", ["creator", "operator"])
def test_the_creator_or_an_operator_closes_early_and_says_why(
    client: Client, mia: User, draft: Market, by: str
) -> None:
    open_market(draft.pk)
    actor = mia if by == "creator" else make_dave()
    client.force_login(actor)
    answer = client.post(f"/markets/{draft.slug}/close", EARLY, follow=True)
    assert "The market is closed." in answer.content.decode()
    record = MarketEvent.objects.filter(market=draft).latest("seq")
    assert (record.kind, record.actor_id, record.data) == ("closed", actor.pk, {"reason": EARLY["reason"]})
    audit = AuditRecord.objects.get(action="markets.close")
    assert (audit.actor_id, audit.reason, audit.after) == (actor.pk, EARLY["reason"], {"status": "closed"})
    assert EARLY["reason"] in answer.content.decode(), "everybody can read it"


@pytest.mark.parametrize(
    ("who", "fields", "status", "words"),
    [
        ("mia", {"is_meant": "on"}, 422, "This field is required."),
        ("mia", {"reason": "It is known."}, 422, "Tick this to end trading now."),
        ("mia", {"is_meant": "on", "reason": "ab"}, 422, "at least 3 characters"),
        ("alice", EARLY, 403, "Only creator or operator or system may close"),
    ],
)
def test_an_early_close_is_refused(
    client: Client, mia: User, draft: Market, who: str, fields: dict[str, str], status: int, words: str
) -> None:
    open_market(draft.pk)
    client.force_login(mia if who == "mia" else make_alice())
    before, audited = _state(draft), AuditRecord.objects.count()
    answer = client.post(f"/markets/{draft.slug}/close", fields)
    assert (answer.status_code, words in answer.content.decode()) == (status, True)
    assert (_state(draft), AuditRecord.objects.count()) == (before, audited)


def test_what_staff_have_halted_or_what_is_closed_its_creator_doesnt_close(
    client: Client, mia: User, draft: Market
) -> None:
    open_market(draft.pk)
    halt_market(market_id=draft.pk, actor_id=None, reason="The source is in doubt.")
    assert _offered(_page(client, draft, mia), draft) == []
    halted = client.post(f"/markets/{draft.slug}/close", EARLY)
    assert (halted.status_code, "may close a market that is halted" in halted.content.decode()) == (403, True)
    close_market(market_id=draft.pk, actor_id=None)
    closed = client.post(f"/markets/{draft.slug}/close", EARLY)
    assert (closed.status_code, "This market is closed; to close it" in closed.content.decode()) == (409, True)
    assert not AuditRecord.objects.filter(action="markets.close").exists()


@pytest.mark.parametrize(
    ("fields", "payouts"),
    [
        ({"result": "yes"}, [10_000, 0]),
        ({"result": "no"}, [0, 10_000]),
        ({"result": "partial", "percent": "30"}, [3_000, 7_000]),
        ({"result": "partial", "percent": "0.5 %"}, [50, 9_950]),
    ],
)
def test_the_creator_proposes(
    client: Client, mia: User, closed: Market, fields: dict[str, str], payouts: list[int]
) -> None:
    client.force_login(mia)
    answer = client.post(f"/markets/{closed.slug}/propose", {"reason": WHY, **fields})
    assert answer.status_code == 302
    closed.refresh_from_db()
    assert (closed.status, closed.proposed_payouts, closed.proposed_by_id) == ("proposed", payouts, mia.pk)


@pytest.mark.parametrize(
    ("fields", "field", "words"),
    [
        ({"result": "", "reason": WHY}, "result", "required"),
        ({"result": "maybe", "reason": WHY}, "result", "valid choice"),
        ({"result": "partial", "reason": WHY}, "percent", "0.01 to 99.99"),
        ({"result": "partial", "percent": "100", "reason": WHY}, "percent", "0.01 to 99.99"),
        ({"result": "yes", "percent": "30", "reason": WHY}, "percent", "Leave this empty"),
        ({"result": "yes", "reason": "x"}, "reason", "at least 3"),
        ({"result": "yes", "reason": "a\x07bc"}, "reason", "control"),
    ],
)
def test_mistakes_stand_beside_their_field(
    client: Client, mia: User, closed: Market, fields: dict[str, str], field: str, words: str
) -> None:
    client.force_login(mia)
    before = _state(closed)
    answer = client.post(f"/markets/{closed.slug}/propose", fields)
    assert answer.status_code == 422
    error = answer.content.decode().split(f'id="propose-{field}_error"')[1].split("</p>")[0]
    assert words in error
    assert _state(closed) == before


def test_a_categorical_market_has_no_result_in_part(client: Client) -> None:
    market, dave = make_categorical_draft(), make_dave()
    open_market(market.pk)
    close_market(market_id=market.pk, actor_id=None)
    html = _page(client, market, dave)
    assert 'name="percent"' not in html
    assert client.post(f"/markets/{market.slug}/propose", {"result": "ben", "reason": WHY}).status_code == 302
    assert _state(market)[1] == [0, 10_000, 0]


def test_visitors_sign_in_first_and_drafts_are_hidden(client: Client, draft: Market, proposed: Market) -> None:
    before = _state(proposed)
    answer = client.post(f"/markets/{proposed.slug}/dispute", {"reason": "It was another day."})
    assert answer.status_code == 302
    assert "/accounts/login/" in answer.headers["Location"]
    client.force_login(make_carol())
    assert client.post(f"/markets/{proposed.slug}/dispute", {"reason": "Another day."}).status_code == 403
    assert client.get(f"/markets/{proposed.slug}/dispute").status_code == 405
    assert client.post(f"/markets/{make_draft().slug}/open").status_code == 404
    proposed.refresh_from_db()
    assert (proposed.status, proposed.disputed_by_id) == (before[0], None)


def test_closing_early_takes_more_than_one_press(client: Client, draft: Market) -> None:
    open_market(draft.pk)
    client.force_login(make_dave())
    before = MarketEvent.objects.filter(market=draft).count()
    answer = client.post(f"/markets/{draft.slug}/close")
    assert answer.status_code == 422
    assert "Tick this to end trading now." in answer.content.decode()
    draft.refresh_from_db()
    assert draft.status == "open"
    assert MarketEvent.objects.filter(market=draft).count() == before


def test_a_halted_market_says_why_beside_the_ticket_and_in_its_life(client: Client, draft: Market) -> None:
    open_market(draft.pk)
    halt_market(market_id=draft.pk, actor_id=None, reason="Ask https://example.org/why <b>now</b>.")
    html = client.get(f"/markets/{draft.slug}").content.decode()
    assert '<strong>Why:</strong> Ask <a href="https://example.org/why" rel="nofollow">' in html
    assert "&lt;b&gt;now&lt;/b&gt;" in html
    assert "<strong>Trading halted</strong>" in html
    assert 'aria-labelledby="book-title" hidden' not in html


def test_the_life_of_a_market_says_what_operators_decided_in_pairs_and_why(client: Client, draft: Market) -> None:
    dave, erin = make_dave(), make_user("erin", roles=(Role.TRADER, Role.OPERATOR))
    open_market(market_id=draft.pk, actor_id=dave.pk)
    reasons = ("The station <b>broke</b>.", "The service is closed for good.")
    declined, approved = [_asked(draft, dave, reason, is_approved=reason is reasons[1], by=erin) for reason in reasons]
    assert (declined, approved) == ("declined", "approved")
    page = client.get(f"/markets/{draft.slug}").content.decode()
    life = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.partition('<ol class="timeline"')[2].partition("</ol>")[0]))
    assert re.search(r"Declared void by operators (just now|[0-9]+ s ago) by dave and erin: The service is", life)
    assert "broke" not in page


def _asked(market: Market, asker: User, reason: str, *, is_approved: bool, by: User) -> str:
    override = request_override(market_id=market.pk, actor_id=asker.pk, kind=OverrideKind.VOID, reason=reason)
    if is_approved:
        approve_override(override_id=override.pk, actor_id=by.pk)
    else:
        decline_override(override_id=override.pk, actor_id=by.pk)
    override.refresh_from_db()
    return override.status
