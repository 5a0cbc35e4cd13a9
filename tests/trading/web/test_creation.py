"""A new market by plain forms, as a browser without scripts sends them."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from accounts.models import User
from accounts.types import Role
from common import clock
from markets.models import Market, MarketPlan, Outcome
from markets.types import MarketKind
from tests.factories.accounts import make_alice, make_dave, make_user
from tests.factories.markets import make_market, make_topic
from trading.models import MarketBook
from trading.web.plan_spec import closing_moment

pytestmark = pytest.mark.django_db
QUESTION = "Will the harbour of Porto freeze before 2031?"


@pytest.fixture
def mia(client: Client) -> User:
    make_topic("science")
    mia = make_user("mia", roles=(Role.TRADER, Role.MARKET_MAKER))
    client.force_login(mia)
    return mia


def _begin(client: Client, template: str = "by-date") -> MarketPlan:
    answer = client.post("/create/new", {"template": template})
    plan = MarketPlan.objects.order_by("-pk")[0]
    assert (answer.status_code, answer["Location"]) == (302, f"/create/{plan.pk}/question")
    return plan


def _typed(**fields: str) -> dict[str, dict[str, str]]:
    """What is typed into each page."""
    closes = (clock.now() + timedelta(days=30)).strftime("%Y-%m-%dT%H:%M")
    pages = {
        "question": {
            "question": QUESTION,
            "topic": "science",
            "tags": "ice, Porto",
            "event_group": " Porto 2027 ",
            "description": "It never has.",
        },
        "answers": {"closes_at": closes},
        "rules": {
            "rules": "Yes if the port authority reports ice.",
            "resolution_source": "https://example.org/porto",
            "resolution_policy": "creator",
            "committee": "",
            "challenge_window_s": "86400",
        },
        "liquidity": {"liquidity": "50", "taker_fee_bps": ""},
    }
    for name, value in fields.items():
        page = next((page for page in pages.values() if name in page), pages["answers"])
        page[name] = value
    return pages


def _fill(client: Client, plan: MarketPlan, **fields: str) -> Any:
    answer = None
    for step, page in _typed(**fields).items():
        answer = client.post(f"/create/{plan.pk}/{step}", {**page, "go": "on"})
    return answer


def test_a_market_is_made_previewed_and_published(client: Client, mia: User) -> None:
    plan = _begin(client)
    answer = _fill(client, plan)
    assert answer["Location"] == f"/create/{plan.pk}/preview"
    market = Market.objects.get()
    assert (market.status, market.question, market.tags) == ("draft", QUESTION, ["ice", "Porto"])
    assert market.event_group == "Porto 2027"
    assert (market.liquidity_lots, market.creator_id, market.challenge_window_s) == (500_000, mia.pk, 86_400)
    html = client.get(f"/create/{plan.pk}/preview").content.decode()
    assert "34.66" in html, "what it costs at worst"
    assert 'id="market"' in html, "above the page itself"
    assert 'data-price="0">50%' in html, "with the price that it opens at"
    answer = client.post(f"/create/{plan.pk}/publish")
    assert answer["Location"] == f"/markets/{market.slug}"
    market.refresh_from_db()
    assert market.status == "open"
    assert MarketBook.objects.filter(market=market).exists()
    assert client.get(f"/create/{plan.pk}/question").status_code == 404
    assert client.post(f"/create/{plan.pk}/publish").status_code == 404, "once more does nothing"


def test_what_was_typed_is_kept_right_or_wrong(client: Client, mia: User) -> None:
    plan = _begin(client)
    answer = client.post(f"/create/{plan.pk}/question", {"question": "Why?", "topic": "", "go": "later"})
    assert answer["Location"] == "/create"
    html = client.get("/create").content.decode()
    assert "Why?" in html
    assert f"/create/{plan.pk}/question" in html
    assert 'value="Why?"' in client.get(f"/create/{plan.pk}/question").content.decode()
    answer = client.post(f"/create/{plan.pk}/question", {"question": "Why?", "topic": "science", "go": "on"})
    assert answer.status_code == 422
    assert "is shorter than 10 characters" in answer.content.decode()
    assert Market.objects.count() == 0


def test_a_change_after_the_preview_has_to_be_previewed(client: Client, mia: User) -> None:
    plan = _begin(client)
    _fill(client, plan)
    rules = {**_typed()["rules"], "rules": "Yes if a ship is stuck in ice.", "go": "later"}
    client.post(f"/create/{plan.pk}/rules", rules)
    assert "Preview again" in client.get(f"/create/{plan.pk}/preview").content.decode()
    answer = client.post(f"/create/{plan.pk}/publish")
    assert answer["Location"] == f"/create/{plan.pk}/preview"
    market = Market.objects.get()
    assert (market.status, market.rules) == ("draft", "Yes if a ship is stuck in ice.")
    client.post(f"/create/{plan.pk}/publish")
    market.refresh_from_db()
    assert market.status == "open"


def test_the_last_page_leads_to_the_first_that_is_wrong(client: Client, mia: User) -> None:
    plan = _begin(client)
    answer = client.post(f"/create/{plan.pk}/liquidity", {**_typed()["liquidity"], "go": "on"})
    assert answer.status_code == 422
    assert "id_question" in answer.content.decode()
    assert Market.objects.count() == 0


@pytest.mark.parametrize(
    ("template", "fields", "kind", "outcomes"),
    [
        ("outcomes", {"outcomes": "Ann\r\n\r\n Ben \r\nCem"}, MarketKind.CATEGORICAL, ["Ann", "Ben", "Cem"]),
        ("versus", {"outcomes": "Ann\nBen\nTie"}, MarketKind.CATEGORICAL, ["Ann", "Ben", "Tie"]),
        (
            "poll",
            {"lower": "0", "upper": "100", "buckets": "2", "unit": "%"},
            MarketKind.NUMERIC,
            ["0 to 50 %", "50 to 100 %"],
        ),
        (
            "number",
            {"lower": "0", "upper": "10", "buckets": "1", "unit": "", "above": "on"},
            MarketKind.NUMERIC,
            ["0 to 10", "10 or more"],
        ),
        (
            "date",
            {"lower": "2040-01-01", "upper": "2040-01-03", "buckets": "2"},
            MarketKind.DATE,
            ["2040-01-01", "2040-01-02"],
        ),
        ("threshold", {}, MarketKind.BINARY, ["Yes", "No"]),
    ],
)
def test_every_template_makes_its_kind(
    client: Client, mia: User, template: str, fields: dict[str, str], kind: MarketKind, outcomes: list[str]
) -> None:
    plan = _begin(client, template)
    assert _fill(client, plan, **fields)["Location"] == f"/create/{plan.pk}/preview"
    market = Market.objects.get()
    assert market.kind == kind
    assert list(Outcome.objects.filter(market=market).values_list("name", flat=True)) == outcomes
    assert client.get(f"/create/{plan.pk}/preview").status_code == 200


@pytest.mark.parametrize(
    ("step", "field", "value"),
    [
        ("question", "question", ""),
        ("question", "topic", "nowhere"),
        ("question", "tags", ",".join(f"tag{n}" for n in range(11))),
        ("question", "event_group", "x" * 81),
        ("answers", "closes_at", ""),
        ("answers", "closes_at", "tomorrow"),
        ("answers", "closes_at", "2001-01-01T00:00"),
        ("answers", "closes_at", "0001-01-01T00:00"),
        ("answers", "closes_at", "9999-12-31T23:59"),
        ("rules", "rules", "short"),
        ("rules", "resolution_policy", "oracle"),
        ("rules", "resolution_policy", "committee"),
        ("rules", "challenge_window_s", "5"),
        ("liquidity", "liquidity", "-1"),
        ("liquidity", "liquidity", "many"),
        ("liquidity", "liquidity", "99999999999999999999"),
        ("liquidity", "taker_fee_bps", "1001"),
        ("liquidity", "taker_fee_bps", "٣"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(client: Client, mia: User, step: str, field: str, value: str) -> None:
    plan = _begin(client)
    answer = client.post(f"/create/{plan.pk}/{step}", {**_typed()[step], field: value, "go": "on"})
    shown = "committee" if value == "committee" else field
    assert answer.status_code == 422
    assert f'id="id_{shown}_error"' in answer.content.decode()


def test_odd_characters_harm_nothing(client: Client, mia: User) -> None:
    plan = _begin(client)
    sent = {"question": '\0 <b>Ærø & "Öl"</b> \u202e?', "topic": "science", "go": "on"}
    answer = client.post(f"/create/{plan.pk}/question", sent)
    assert answer.status_code in (302, 422)
    assert b"<b>" not in answer.content
    assert client.get(f"/create/{plan.pk}/question").status_code == 200
    assert client.get("/create/similar?q=%00%25_").status_code == 200


def test_a_closing_time_is_read_in_its_authors_zone() -> None:
    moment = closing_moment({"closes_at": "2030-07-01T12:00", "zone": "Europe/Berlin"})
    assert moment is not None
    assert moment.isoformat() == "2030-07-01T10:00:00+00:00"
    assert closing_moment({"closes_at": "2030-07-01T12:00", "zone": "Nowhere/Else"}) is None
    assert closing_moment({}) is None


def test_nobody_reads_what_somebody_else_makes(client: Client, mia: User) -> None:
    plan = _begin(client)
    _fill(client, plan)
    for other in (make_alice(), make_dave()):
        client.force_login(other)
        for path in ("question", "preview"):
            assert client.get(f"/create/{plan.pk}/{path}").status_code == 404
        for path in ("question", "draft", "publish", "discard"):
            assert client.post(f"/create/{plan.pk}/{path}", {"question": "Mine now?"}).status_code == 404
    plan.refresh_from_db()
    assert plan.answers["question"] == QUESTION
    assert Market.objects.get().status == "draft"
    client.logout()
    assert client.get("/create")["Location"].startswith("/accounts/login")


def test_traders_without_the_role_are_told(client: Client) -> None:
    client.force_login(make_alice())
    html = client.get("/create").content.decode()
    assert "Your account may not make markets" in html
    assert "create/new" not in html
    assert client.post("/create/new", {"template": "by-date"})["Location"] == "/create"
    assert MarketPlan.objects.count() == 0


def test_a_person_begins_so_many(client: Client, mia: User) -> None:
    for _ in range(20):
        _begin(client)
    assert client.post("/create/new", {"template": "by-date"})["Location"] == "/create"
    assert MarketPlan.objects.count() == 20
    plan = MarketPlan.objects.order_by("pk")[0]
    client.post(f"/create/{plan.pk}/discard")
    assert MarketPlan.objects.count() == 19


def test_similar_questions_are_told_before_and_after(client: Client, mia: User) -> None:
    twin = make_market(question="Will the harbour of Porto freeze before 2030?")
    plan = _begin(client)
    assert twin.question in client.get("/create/similar", {"q": QUESTION}).content.decode()
    assert client.get("/create/similar", {"q": "Entirely other words"}).content.strip() == b""
    _fill(client, plan)
    assert twin.question in client.get(f"/create/{plan.pk}/question").content.decode()
    preview = client.get(f"/create/{plan.pk}/preview").content.decode()
    assert f'href="/markets/{twin.slug}"' in preview


def test_the_loss_is_drawn_for_what_is_typed(client: Client, mia: User) -> None:
    html = client.get("/create/loss?liquidity=100&outcomes=4").content.decode()
    assert "138.63" in html
    assert 'class="curve"' in html
    for odd in (
        "liquidity=&outcomes=2",
        "liquidity=-1&outcomes=2",
        "liquidity=1&outcomes=101",
        "liquidity=x&outcomes=",
    ):
        assert "nothing to lose" in client.get(f"/create/loss?{odd}").content.decode()


def test_pages_ask_few_questions(client: Client, mia: User, django_assert_max_num_queries: Any) -> None:
    plan = _begin(client)
    _fill(client, plan)
    for path in ("/create", f"/create/{plan.pk}/question", f"/create/{plan.pk}/liquidity"):
        with django_assert_max_num_queries(11):
            client.get(path)


def test_trading_can_end_in_the_minute_that_is_running(client: Client, mia: User) -> None:
    with time_machine.travel("2030-12-31T23:59:30Z", tick=False):
        plan = _begin(client)
        answer = client.post(f"/create/{plan.pk}/answers", {"closes_at": "2031-01-01T00:00", "go": "on"})
        assert answer.status_code == 302
        answer = client.post(f"/create/{plan.pk}/answers", {"closes_at": "2030-12-31T23:59", "go": "on"})
        assert answer.status_code == 422
