"""The admin site as staff see it: every list and form loads, actions do what they say, roles hold."""

from datetime import timedelta

import pytest
from django.contrib import admin
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django import DjangoCaptureOnCommitCallbacks

from accounts.models import ApiKey, AuditRecord, User
from accounts.services.create_api_key import create_api_key
from accounts.types import Role
from common import clock
from markets.models import Market, MarketEvent
from monitoring.models import Event, EventKind, IngestPosition, Series
from tests.factories.accounts import make_alice, make_bob, make_user
from tests.factories.markets import make_categorical_draft, make_closed_market, make_topic
from tests.factories.trading import LIQUIDITY, fund, live_market, place
from trading.models import Account, LedgerTransfer
from trading.services.open_account import open_account

pytestmark = pytest.mark.django_db


def _staff(*roles: Role) -> Client:
    browser = Client()
    browser.force_login(make_user("gina", roles=roles))
    return browser


@pytest.fixture
def admins() -> Client:
    return _staff(Role.ADMIN)


def _url(model: type, page: str, *args: object) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)  # type: ignore[attr-defined]


def _rows(number: int) -> None:
    """``number`` more of everything that has a list."""
    for _ in range(number):
        user = make_user()
        create_api_key(user_id=user.pk, name="bot", scopes=["read"])
        market = live_market(creator=make_user("dave", roles=(Role.OPERATOR,)), liquidity_lots=LIQUIDITY)
        assert place(fund(user), market, price=0.6, shares=900).status == 201
        Event.objects.create(at=clock.now(), kind=EventKind.DEPLOY, title="Version 2 is live")
        Series.objects.create(name="cpu_usage", dimension=f"process:{user.pk}", last_on=clock.now().date())
        IngestPosition.objects.create(stream=f"stream {user.pk}")
        AuditRecord.objects.create(at=clock.now(), actor=user, action="x", object_type="y", object_id="1")


OWN = [
    model for model in admin.site._registry if model._meta.app_label in ("accounts", "markets", "trading", "monitoring")
]


@pytest.mark.parametrize("model", OWN, ids=lambda model: model._meta.label_lower)
def test_every_list_loads_with_as_many_queries_for_many_rows_as_for_few(admins: Client, model: type) -> None:
    _rows(2)
    with CaptureQueriesContext(connection) as few:
        assert admins.get(_url(model, "changelist")).status_code == 200
    _rows(6)
    with CaptureQueriesContext(connection) as many:
        assert admins.get(_url(model, "changelist"), {"q": ""}).status_code == 200
    assert len(many) == len(few)
    assert admins.get(_url(model, "changelist"), {"q": "alice"}).status_code == 200
    assert not [q for q in many.captured_queries if "COUNT(*)" in q["sql"] and "LIMIT" not in q["sql"]]


@pytest.mark.parametrize("model", OWN, ids=lambda model: model._meta.label_lower)
def test_every_form_loads(admins: Client, model: type) -> None:
    _rows(1)
    first = model._default_manager.first()  # type: ignore[attr-defined]
    if first is not None:
        assert admins.get(_url(model, "change", first.pk)).status_code == 200
    adding = admins.get(_url(model, "add")).status_code
    assert adding == (200 if model.__name__ in ("User", "Market", "Topic", "Event", "Announcement") else 403)


@pytest.mark.parametrize(
    ("role", "allowed"),
    [
        (Role.TRADER, set()),
        (Role.MARKET_MAKER, set()),
        (Role.ANALYST, {"market", "order", "ledgertransfer", "account"}),
        (Role.OPERATOR, {"market", "order", "ledgertransfer", "account"}),
        (Role.MODERATOR, {"market", "order", "ledgertransfer", "account", "user"}),
        (Role.ADMIN, {"market", "order", "ledgertransfer", "account", "user", "apikey", "auditrecord"}),
    ],
)
def test_role_matrix(role: Role, allowed: set[str]) -> None:
    browser = _staff(role)
    names = {"market", "order", "ledgertransfer", "account", "user", "apikey", "auditrecord"}
    models = [model for model in OWN if model._meta.model_name in names]
    open_lists = {m._meta.model_name for m in models if browser.get(_url(m, "changelist")).status_code == 200}
    assert open_lists == allowed


def test_no_secret_and_no_digest_is_shown(admins: Client) -> None:
    made = create_api_key(user_id=make_alice().pk, name="bot", scopes=["read"])
    key = ApiKey.objects.get()
    for page in (admins.get(_url(ApiKey, "changelist")), admins.get(_url(ApiKey, "change", key.pk))):
        text = page.content.decode()
        assert key.prefix in text
        assert made.secret not in text
        assert bytes(key.digest).hex() not in text


DRAFT = {
    "question": "Will it rain in Lisbon tomorrow?",
    "kind": "categorical",
    "outcome_names": "Rain\nSnow\nNeither",
    "tags": "weather,lisbon",
    "closes_at_0": (clock.now() + timedelta(days=3)).date().isoformat(),
    "closes_at_1": "12:00:00",
    "rules": "As the weather service reports it.",
    "resolution_source": "",
    "description": "",
    "slug": "",
    "liquidity": "100",
    "taker_fee_bps": "0",
    "maker_fee_bps": "0",
    "tick": "1",
    "lot": "1",
    "challenge_window_s": "3600",
}


def test_making_editing_and_opening_a_market() -> None:
    operators = _staff(Role.OPERATOR)
    draft = {**DRAFT, "topic": str(make_topic().pk)}
    assert operators.post(_url(Market, "add"), draft).status_code == 302
    market = Market.objects.get()
    assert (market.status, market.liquidity_lots, market.tags) == ("draft", 1_000_000, ["weather", "lisbon"])
    assert [outcome.name for outcome in market.outcomes.all()] == ["Rain", "Snow", "Neither"]

    edit = {**draft, "slug": market.slug, "outcome_names": "Rain\nNo rain"}
    assert operators.post(_url(Market, "change", market.pk), edit).status_code == 302
    assert [outcome.slug for outcome in market.outcomes.all()] == ["rain", "no-rain"]

    assert operators.post(_url(Market, "do", market.pk, "open"), {"reason": "Ready."}).status_code == 302
    market.refresh_from_db()
    assert market.status == "open"
    kinds = [event.kind for event in MarketEvent.objects.filter(market=market)]
    assert kinds[:3] == ["created", "edited", "opened"]
    # The wiring funds the maker rule: b ln 2 = 69.3 credits.
    assert Account.objects.get(market=market, kind="maker").cash > 69 * 10**8
    # What is open can't be edited.
    assert operators.post(_url(Market, "change", market.pk), {**edit, "question": "Other words?"}).status_code == 403
    assert [(r.action, r.actor.username if r.actor else None, r.after) for r in AuditRecord.objects.order_by("id")][
        2
    ] == (
        "markets.open",
        "gina",
        {"status": "open"},
    )


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"question": "Rain?"}, "The question is shorter than 10 characters."),
        ({"outcome_names": "Rain\nRAIN"}, "The outcomes must have different names."),
        ({"outcome_names": "Rain"}, "A market has 2 to 100 outcomes, not 1."),
        ({"closes_at_0": "2020-01-01"}, "must be in the future"),
        ({"liquidity": "-1"}, "The liquidity is not a plain decimal number"),
        ({"tick": "3"}, "must divide 10000"),
        ({"slug": "Not A Slug"}, "lower-case words with hyphens"),
    ],
)
def test_a_wrong_draft_is_explained_and_not_made(fields: dict[str, str], message: str) -> None:
    operators = _staff(Role.OPERATOR)
    answer = operators.post(_url(Market, "add"), {**DRAFT, "topic": str(make_topic().pk), **fields})
    assert answer.status_code == 200
    assert message in answer.content.decode()
    assert not Market.objects.exists()


def test_resolving_with_a_reason_and_an_audit_record() -> None:
    operators = _staff(Role.OPERATOR)
    market = make_closed_market(challenge_window_s=0)
    payouts = {"payout_0": "0.3", "payout_1": "0.7"}
    wrong = operators.post(
        _url(Market, "do", market.pk, "propose"), {**payouts, "payout_1": "0.8", "reason": "Report."}
    )
    assert wrong.status_code == 422
    assert "The payouts must add up to exactly 1 credit." in wrong.content.decode()
    assert not AuditRecord.objects.exists()

    sent = {**payouts, "reason": "The report says so."}
    assert operators.post(_url(Market, "do", market.pk, "propose"), sent).status_code == 302
    assert operators.post(_url(Market, "do", market.pk, "confirm"), sent).status_code == 302
    market.refresh_from_db()
    assert (market.status, market.payouts) == ("resolved", [3_000, 7_000])
    records = AuditRecord.objects.order_by("id")
    assert [(r.action, r.reason, r.before, r.after, r.ip) for r in records] == [
        ("markets.propose", "The report says so.", {"status": "closed"}, {"status": "proposed"}, "127.0.0.1"),
        ("markets.confirm", "The report says so.", {"status": "proposed"}, {"status": "resolved"}, "127.0.0.1"),
    ]


def test_analysts_are_offered_no_action_on_markets() -> None:
    market = make_closed_market()
    browser = _staff(Role.ANALYST)
    assert browser.get(_url(Market, "change", market.pk)).status_code == 200
    assert browser.post(_url(Market, "do", market.pk, "void"), {"reason": "Because."}).status_code == 403
    market.refresh_from_db()
    assert market.status == "closed"


def test_granting_credits(admins: Client) -> None:
    wallet = open_account(make_alice().pk)
    before = Account.objects.get(pk=wallet).cash
    wrong = admins.post(_url(Account, "do", wallet, "grant"), {"amount": "0", "reason": "Nothing."})
    assert wrong.status_code == 422
    assert admins.post(_url(Account, "do", wallet, "grant"), {"amount": "12.5", "reason": "Prize."}).status_code == 302
    assert Account.objects.get(pk=wallet).cash == before + 1_250_000_000
    assert LedgerTransfer.objects.latest("id").memo == "Prize."
    record = AuditRecord.objects.get()
    assert (record.action, record.reason) == ("trading.grant", "Prize.")
    assert _staff_refused(Role.OPERATOR, wallet)


def test_the_same_page_sent_twice_grants_once(admins: Client) -> None:
    wallet = open_account(make_alice().pk)
    before, url = Account.objects.get(pk=wallet).cash, _url(Account, "do", wallet, "grant")
    key = admins.get(url).context["form"]["key"].value()
    for _ in range(2):
        assert admins.post(url, {"amount": "1", "reason": "Prize.", "key": key}).status_code == 302
    assert Account.objects.get(pk=wallet).cash == before + 100_000_000
    assert AuditRecord.objects.count() == 1
    assert admins.post(url, {"amount": "2", "reason": "Prize.", "key": key}).status_code == 422
    assert Account.objects.get(pk=wallet).cash == before + 100_000_000


def _staff_refused(role: Role, wallet: int) -> bool:
    browser = Client()
    browser.force_login(make_user("otto", roles=(role,)))
    answer = browser.post(_url(Account, "do", wallet, "grant"), {"amount": "1", "reason": "Try."})
    return answer.status_code == 403


def test_suspending_and_reinstating() -> None:
    moderators = _staff(Role.MODERATOR)
    bob = make_bob()
    assert moderators.post(_url(User, "do", bob.pk, "suspend"), {"reason": ""}).status_code == 422
    assert moderators.post(_url(User, "do", bob.pk, "suspend"), {"reason": "Spam."}).status_code == 302
    bob.refresh_from_db()
    assert not bob.is_active
    assert moderators.post(_url(User, "do", bob.pk, "reinstate"), {"reason": "Sorry."}).status_code == 302
    assert [r.action for r in AuditRecord.objects.order_by("id")] == [
        "accounts.suspend_user",
        "accounts.reinstate_user",
    ]


def test_roles_and_who_may_not_change_them(admins: Client) -> None:
    bob = make_bob()
    sent = {"roles": ["trader", "operator"], "reason": "New operator."}
    assert admins.post(_url(User, "do", bob.pk, "roles"), sent).status_code == 302
    bob.refresh_from_db()
    assert bob.is_staff
    assert sorted(group.name for group in bob.groups.all()) == ["operator", "trader"]
    gina = User.objects.get(username="gina")
    assert admins.post(_url(User, "do", gina.pk, "roles"), sent).status_code == 422
    root = User.objects.create_superuser("root")
    assert admins.post(_url(User, "do", root.pk, "roles"), sent).status_code == 422
    assert admins.post(_url(User, "do", root.pk, "suspend"), {"reason": "Coup."}).status_code == 422
    password = {"password1": "correct horse battery", "password2": "correct horse battery"}
    assert admins.post(reverse("admin:auth_user_password_change", args=[root.pk]), password).status_code == 403
    root.refresh_from_db()
    assert (root.is_active, root.has_usable_password()) == (True, False)


def test_escalation_by_hand_written_fields_is_ignored(admins: Client) -> None:
    bob = make_bob()
    sent = {
        "username": "bob",
        "email": "b@example.org",
        "is_superuser": "on",
        "is_staff": "on",
        "user_permissions": "1",
    }
    admins.post(_url(User, "change", bob.pk), sent)
    bob.refresh_from_db()
    assert (bob.email, bob.is_superuser, bob.is_staff) == ("b@example.org", False, False)


def test_the_index_and_a_draft_page_load(admins: Client) -> None:
    draft = make_categorical_draft()
    assert admins.get("/admin/").status_code == 200
    assert "Ann" in admins.get(_url(Market, "change", draft.pk)).content.decode()


def test_a_person_made_by_staff_is_a_trader_with_a_wallet(
    admins: Client, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    words = "correct horse battery"
    sent = {"username": "newcomer", "usable_password": "true", "password1": words, "password2": words}
    with django_capture_on_commit_callbacks(execute=True):
        assert admins.post(_url(User, "add"), sent).status_code == 302
    newcomer = User.objects.get(username="newcomer")
    assert [group.name for group in newcomer.groups.all()] == ["trader"]
    assert Account.objects.get(user=newcomer).kind == "wallet"
    record = AuditRecord.objects.get()
    assert (record.action, words in str(record.after)) == ("accounts.add_user", False)


def test_staff_change_their_own_password_where_guesses_are_counted(admins: Client) -> None:
    answer = admins.post("/admin/password_change/", {"old_password": "guess"})
    assert (answer.status_code, answer["Location"]) == (302, "/accounts/password/change/")


def test_a_superuser_of_the_command_line_has_a_wallet_after_signing_in(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    root = User.objects.create_superuser("root", password="correct horse battery")
    with django_capture_on_commit_callbacks(execute=True):
        Client().post("/accounts/login/", {"login": "root", "password": "correct horse battery"})
    assert Account.objects.get(user=root).kind == "wallet"
