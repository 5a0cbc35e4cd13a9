import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from markets.models import Comment, Market
from tests.factories.rows import NOW, row_market, row_order, row_trade, row_user
from trading.models import Position

pytestmark = pytest.mark.django_db
FETCH = {"X-Requested-With": "fetch"}


def _hold(market: Market, name: str, outcome: int, quantity: int) -> None:
    Position.objects.create(
        market=market, user=row_user(name), outcome=outcome, quantity=quantity, cost=0, updated_at=NOW
    )


def test_the_largest_holders_of_both_sides(client: Client) -> None:
    market = row_market()
    for number in range(7):
        _hold(market, f"holder{number}", 0, (number + 1) * 10_000)
    _hold(market, "doubter", 1, 30_000)
    Position.objects.create(market=market, user=None, outcome=0, quantity=9, cost=0, updated_at=NOW)
    page = client.get(f"/markets/{market.slug}/around", headers=FETCH)
    held = [(name, [(one.handle, one.quantity) for one in rows]) for name, rows in page.context["page"].holders]
    assert held == [
        ("Yes", [(f"holder{number}", (number + 1) * 10_000) for number in (6, 5, 4, 3, 2)]),
        ("No", [("doubter", 30_000)]),
    ]
    assert "<html" not in page.content.decode()
    assert "<h1>" in client.get(f"/markets/{market.slug}/around").content.decode(), "a page of its own without scripts"


def test_related_are_those_of_the_event_then_of_the_topic_by_tags_and_words(client: Client) -> None:
    asked = row_market("Will it rain in Lisbon?", tags=["weather"], event_group="lisbon")
    row_market("Is chess popular?")
    row_market("Will it snow?", tags=["weather"])
    row_market("Will a king come?", topic="Sport", event_group="lisbon")
    row_market("Will it rain in Lisbon soon?", topic="Sport", status="draft")
    near = client.get(f"/markets/{asked.slug}/around", headers=FETCH).context["page"].neighbours
    assert [one.question for one in near] == ["Will a king come?", "Will it snow?", "Is chess popular?"]


def test_marks_are_shown_comments_and_own_fills(client: Client) -> None:
    market, alice = row_market(), row_user("alice")
    row_trade(market, row_order(market, alice))
    row_trade(market, row_order(market, row_user("bob")))
    Comment.objects.create(market=market, author=alice, text="Clouds.", created_at=NOW)
    Comment.objects.create(market=market, author=alice, text="Rude.", created_at=NOW, status="hidden")
    told = {"at": "2026-11-22T09:30:00.000000Z", "kind": "comment", "text": "alice: Clouds."}
    visitor = client.get(f"/markets/{market.slug}/marks").json()["marks"]
    assert [mark["text"] for mark in visitor] == [told["text"]]
    client.force_login(alice)
    marks = client.get(f"/markets/{market.slug}/marks").json()["marks"]
    assert [(mark["kind"], mark.get("outcome"), mark.get("price")) for mark in marks] == [
        ("comment", None, None),
        ("buy", "yes", 6_200),
    ]


def test_a_draft_has_nothing_around_for_strangers(client: Client) -> None:
    draft = row_market(status="draft")
    for part in ("around", "marks", "news-marks"):
        assert client.get(f"/markets/{draft.slug}/{part}").status_code == 404


def test_an_event_stands_side_by_side_in_a_fixed_number_of_queries(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(6):
        row_market(f"Will it rain on day {number}?", event_group="november 2026", volume=10**8)
    row_market("Hidden?", event_group="november 2026", status="draft")
    # markets, lines, their series, masthead
    with django_assert_num_queries(4):
        page = client.get("/events/november%202026")
    assert [card.market.question for card in page.context["page"].cards] == [
        f"Will it rain on day {number}?" for number in range(6)
    ]
    assert "6 markets, 6 credits traded" in page.content.decode()
    assert client.get("/events/none").status_code == 404
