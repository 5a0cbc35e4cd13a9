"""Markets over HTTP: lists, one, book, tape, history, journal, and making them."""

from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.services import limits
from accounts.types import Limit
from markets.models import Market
from markets.services.halt_market import halt_market
from markets.services.propose_resolution import propose_resolution
from tests.factories.markets import make_draft, make_topic
from tests.factories.rows import row_market
from tests.trading.api.conftest import Api, everything
from trading.api.caches import forget_answers

pytestmark = pytest.mark.django_db


def test_lists_are_filtered_sorted_and_paged(client: Client, market: Market) -> None:
    row_market("Will it snow?", topic="Climate", volume_24h=5)
    newest = client.get("/api/v1/markets?limit=1").json()
    assert [item["question"] for item in newest["items"]] == ["Will it snow?"]
    rest = client.get(f"/api/v1/markets?limit=1&cursor={newest['next_cursor']}").json()
    assert ([item["slug"] for item in rest["items"]], rest["next_cursor"]) == (["rain"], None)
    busiest = client.get("/api/v1/markets?sort=-volume_24h&topic=climate&status=open&q=snwo").json()
    assert [item["volume_24h"] for item in busiest["items"]] == ["0.00000005"]


def test_a_list_is_one_query_then_none_for_a_second(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(5):
        row_market(f"Market {number}?")
    with django_assert_num_queries(1):
        first = client.get("/api/v1/markets?limit=5")
    with django_assert_num_queries(0):
        again = client.get("/api/v1/markets?limit=5")
    assert first.content == again.content
    assert first.headers["Cache-Control"] == "public, max-age=1"


def test_one_market_by_id_and_slug(client: Client, market: Market) -> None:
    by_id, by_slug = client.get(f"/api/v1/markets/{market.pk}"), client.get("/api/v1/markets/rain/")
    assert by_id.json() == by_slug.json()
    document = by_id.json()
    assert (document["question"], document["liquidity"], document["tick_size"]) == ("Will it rain?", "1000", "0.0001")
    assert [(o["slug"], o["price"]) for o in document["outcomes"]] == [("yes", "0.500000"), ("no", "0.500000")]


@pytest.mark.parametrize("rest", ["", "/book", "/trades", "/candles", "/journal"])
def test_conditional_reads(rest: str, alice: Api, order: dict[str, Any]) -> None:
    path = f"/markets/{order['market_id']}{rest}"
    first = alice.get(path)
    assert first.headers["X-Market-Seq"] == "2"
    same = alice.get(path, **{"If-None-Match": first.headers["ETag"]})
    assert (same.status_code, same.content, same.headers["ETag"]) == (304, b"", first.headers["ETag"])
    alice.post("/orders", order)
    changed = alice.get(path, **{"If-None-Match": first.headers["ETag"]})
    assert (changed.status_code, changed.headers["X-Market-Seq"]) == (200, "3")


def test_tape_candles_and_journal_tell_the_same_trade(alice: Api, order: dict[str, Any]) -> None:
    placed = alice.post("/orders", order).json()
    address = f"/markets/{order['market_id']}"
    (trade,) = alice.get(f"{address}/trades").json()["items"]
    assert (trade["id"], trade["taker"], trade["maker"], trade["cost"]) == (
        placed["fills"][0]["id"],
        "alice",
        None,
        placed["cost"],
    )
    for interval in ("1m", "1h", "1d"):
        (candle,) = alice.get(f"{address}/candles?interval={interval}").json()["items"]
        assert (candle["close"], candle["trades"]) == (trade["price_after"], 1)
    (mirrored,) = alice.get(f"{address}/candles?outcome=no").json()["items"]
    assert float(mirrored["close"]) == pytest.approx(1 - float(trade["price_after"]))
    records = alice.get(f"{address}/journal?after_seq=2").json()["items"]
    assert [record["kind"] for record in records] == ["order_placed"]
    assert records[0]["data"]["trades"][0]["cost"] == trade["cost"]
    assert records[0]["data"]["prices"]["yes"] == trade["price_after"]


def test_the_journal_names_no_owner_and_no_balance(alice: Api, order: dict[str, Any]) -> None:
    alice.post("/orders", order | {"client_order_id": "secret-81"})
    text = alice.get(f"/markets/{order['market_id']}/journal").content.decode()
    assert "secret-81" not in text
    assert "cash" not in text


def test_the_journal_tells_the_lifecycle(alice: Api, dave: Api, market: Market) -> None:
    halt_market(market_id=market.pk, actor_id=dave.user.pk, reason="A look")
    Market.objects.filter(pk=market.pk).update(status="closed")
    propose_resolution(market_id=market.pk, actor_id=dave.user.pk, payouts=[3_000, 7_000], reason="Rain for a third")
    records = alice.get("/markets/rain/journal").json()["items"]
    assert [record["kind"] for record in records] == ["created", "opened", "halted", "proposed"]
    assert records[2]["data"] == {"reason": "A look"}
    assert records[3]["data"]["payouts"] == ["0.3000", "0.7000"]
    document = alice.get("/markets/rain").json()
    assert (document["status"], document["proposal"]["payouts"]) == ("proposed", ["0.3000", "0.7000"])
    assert document["proposal"]["reason"] == "Rain for a third"


def test_bad_questions_about_a_market(client: Client, market: Market) -> None:
    address = f"/api/v1/markets/{market.pk}"
    assert client.get(f"{address}/book?depth=0").status_code == 422
    assert client.get(f"{address}/book?at=5").json()["code"] == "journal.not_yet"
    assert client.get(f"{address}/candles?interval=2h").status_code == 422
    assert client.get(f"{address}/candles?outcome=maybe").json()["code"] == "order.outcome_unknown"
    assert client.get(f"{address}/candles?after=2026-11-22").status_code == 422
    assert client.get(f"{address}/journal?after_seq=-1").status_code == 422
    for key in ("no-such-market", "0", "99999999999999999999", str(2**62)):
        for rest in ("", "/book", "/trades", "/candles", "/journal"):
            answer = client.get(f"/api/v1/markets/{key}{rest}")
            assert (answer.status_code, answer.json()["code"]) == (404, "market.not_found")


def test_drafts_are_shown_to_their_creator_and_staff_only(alice: Api, dave: Api, anonymous: Api) -> None:
    draft = make_draft(creator=dave.user, slug="draft")
    for path in ("/markets/draft", f"/markets/{draft.pk}/trades", f"/markets/{draft.pk}/journal"):
        assert [api.get(path).status_code for api in (alice, anonymous, dave)] == [404, 404, 200]
    assert alice.get("/markets").json()["items"] == []
    assert [item["slug"] for item in dave.get("/markets?creator=me").json()["items"]] == ["draft"]
    assert anonymous.get("/markets?creator=me").json()["items"] == []


NEW: dict[str, Any] = {
    "question": "Will it rain in Porto?",
    "rules": "The weather service decides.",
    "topic": "science",
    "closes_at": "2031-01-01T00:00:00Z",
}


def test_a_market_is_made_and_opened(dave: Api, db: None) -> None:
    make_topic()
    made = dave.post("/markets", NEW | {"liquidity": "100", "open": True, "tags": ["weather"]})
    assert made.status_code == 201, made.content
    document = made.json()
    assert (document["status"], document["liquidity"], document["creator"]) == ("open", "100", "dave")
    assert made.headers["Location"] == f"/api/v1/markets/{document['id']}"
    assert dave.get(f"/markets/{document['slug']}").json() == document
    draft = dave.post("/markets", NEW | {"kind": "categorical", "outcomes": ["Red", "Green", "Blue"]}).json()
    assert (draft["status"], [o["slug"] for o in draft["outcomes"]]) == ("draft", ["red", "green", "blue"])


def test_an_idempotency_key_makes_one_market_only(dave: Api) -> None:
    make_topic()
    key = {"Idempotency-Key": "m-1"}
    refused = dave.post("/markets", NEW | {"topic": "nothing"}, **key)
    first = dave.post("/markets", NEW, **key)
    again = dave.post("/markets", dict(reversed(NEW.items())), **key)
    assert (refused.status_code, first.status_code, again.status_code) == (422, 201, 201)
    assert again.content == first.content
    assert (first.headers.get("Idempotent-Replay"), again.headers["Idempotent-Replay"]) == (None, "true")
    other = dave.post("/markets", NEW | {"description": "More"}, **key)
    assert (other.status_code, other.json()["code"]) == (409, "order.client_order_id_reused")
    assert Market.objects.count() == 1
    assert dave.post("/markets", NEW, **{"Idempotency-Key": "x" * 61}).status_code == 422


@pytest.mark.parametrize(
    ("change", "code", "pointer"),
    [
        ({"question": None}, "request.invalid", "/question"),
        ({"question": "a\0b"}, "request.invalid", "/question"),
        ({"topic": "nothing"}, "market.invalid", "/topic"),
        ({"closes_at": "2020-01-01T00:00:00Z"}, "market.invalid", "/closes_at"),
        ({"liquidity": 100}, "request.invalid", "/liquidity"),
        ({"liquidity": "-1"}, "request.invalid", "/liquidity"),
        ({"kind": "scalar"}, "request.invalid", "/kind"),
        ({"kind": "categorical", "outcomes": ["One"]}, "market.invalid", "/outcomes"),
        ({"maker_fee_bps": 10, "taker_fee_bps": 5}, "market.invalid", "/maker_fee_bps"),
        ({"id": 5}, "request.invalid", "/id"),
    ],
)
def test_a_wrong_market_is_refused(change: dict[str, Any], code: str, pointer: str, dave: Api) -> None:
    make_topic()
    before = everything()
    answer = dave.post("/markets", NEW | change)
    assert (answer.status_code, answer.json()["code"]) == (422, code), answer.content
    assert pointer in [error["pointer"] for error in answer.json()["errors"]]
    assert everything() == before


def test_the_cost_of_own_lists_does_not_grow(
    alice: Api, order: dict[str, Any], django_assert_max_num_queries: Any
) -> None:
    for _ in range(5):
        alice.post("/orders", order)
    forget_answers()
    for path in ("/orders", "/fills", "/positions", "/ledger", "/account"):
        with django_assert_max_num_queries(1):
            assert alice.get(path).status_code == 200


def test_searches_are_limited_and_other_lists_are_not(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "SEARCH", Limit("search-by-api", 2, 600))
    address = {"REMOTE_ADDR": "192.0.2.83"}
    *answers, refused = [client.get(f"/api/v1/markets?q=rain{number}", **address) for number in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert (refused.status_code, refused.json()["code"]) == (429, "limit.exceeded")
    assert refused.headers["Content-Type"] == "application/problem+json"
    assert refused.headers["Retry-After"] == str(refused.json()["retry_after"])
    assert 290 < refused.json()["retry_after"] <= 301
    assert client.get("/api/v1/markets?limit=7", **address).status_code == 200
