from datetime import timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from common.paging import CursorInvalid, encode_cursor
from tests.factories.rows import CLOSES_AT, row_market
from trading.models import MarketBook
from trading.selectors.market_cards import MarketFilter, MarketSort, market_cards

pytestmark = pytest.mark.django_db


def _found(**wanted: str) -> list[str]:
    return [card.question for card in market_cards(MarketFilter(**wanted)).items]


def test_a_card_says_what_a_list_shows() -> None:
    row_market("Rain?", prices=[612_345, 387_655], volume=5, volume_24h=3, tags=["weather"])
    card = market_cards().items[0]
    assert (card.question, card.topic, card.tags, card.volume, card.volume_24h) == (
        "Rain?",
        "science",
        ("weather",),
        5,
        3,
    )
    assert [(o.slug, o.name, o.price, o.change_24h) for o in card.outcomes] == [
        ("yes", "Yes", 612_345, None),
        ("no", "No", 387_655, None),
    ]
    assert card.leader.name == "Yes"


def test_filters() -> None:
    row_market("Rain?", tags=["weather"], event_group="november")
    row_market("Goal?", topic="Sport", status="closed")
    assert _found() == ["Goal?", "Rain?"]
    assert _found(topic="sport") == ["Goal?"]
    assert _found(status="open") == ["Rain?"]
    assert _found(tag="weather") == ["Rain?"]
    assert _found(event_group="november") == ["Rain?"]
    goal = market_cards().items[0]
    assert [c.question for c in market_cards(MarketFilter(created_after=goal.created_at)).items] == []
    row_market("Late?", closes_at=CLOSES_AT + timedelta(days=1))
    assert [c.question for c in market_cards(MarketFilter(created_after=goal.created_at)).items] == ["Late?"]
    late = MarketFilter(closes_before=CLOSES_AT + timedelta(seconds=1))
    assert [c.question for c in market_cards(late).items] == ["Goal?", "Rain?"]


@pytest.mark.parametrize(
    "q",
    ["election", "electoin", "elcetion", "pesident", "electon wins", "PRESIDENTIAL elec", "politics election", "2028"],
)
def test_search_forgives_typos_and_order(q: str) -> None:
    row_market("Who wins the presidential election of 2028?", topic="Politics")
    row_market("Will it rain again?")
    assert _found(q=q) == ["Who wins the presidential election of 2028?"]


@pytest.mark.parametrize("q", ["%", "_", "\\", "'", "ai", "zzzzz"])
def test_search_takes_signs_literally_and_short_words_from_their_beginning(q: str) -> None:
    row_market("Will it rain again?")
    expected = [] if q in {"ai", "zzzzz"} else ["Will it rain again?"]
    assert _found(q=q) == expected


def test_drafts_are_listed_to_their_creator_only() -> None:
    draft = row_market("Draft?", status="draft")
    assert _found() == []
    assert _found(status="draft") == []
    mine = MarketFilter(creator_id=draft.creator_id)
    assert [card.id for card in market_cards(mine).items] == [draft.id]


@pytest.mark.parametrize("sort", list(MarketSort))
def test_pages_are_complete_and_in_order_in_one_query_each(
    sort: MarketSort, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    ids = [row_market(volume=i % 3, volume_24h=i % 2, closes_at=CLOSES_AT + timedelta(days=i % 3)).id for i in range(7)]
    seen, cursor = [], None
    for _ in range(4):
        with django_assert_num_queries(1):
            page = market_cards(sort=sort, limit=2, cursor=cursor)
        seen += page.items
        cursor = page.next_cursor
        row_market("Inserted meanwhile", closes_at=CLOSES_AT - timedelta(days=1), volume=9, volume_24h=9)
    assert cursor is None
    key = {
        MarketSort.NEWEST: lambda c: -c.id,
        MarketSort.CLOSING: lambda c: (c.closes_at, c.id),
        MarketSort.VOLUME_24H: lambda c: (-c.volume_24h, -c.id),
        MarketSort.VOLUME: lambda c: (-c.volume, -c.id),
        MarketSort.MOVE_24H: lambda c: (-c.move_24h, -c.id),
        # Nothing is asked for, so everything is as close.
        MarketSort.RELEVANCE: lambda c: -c.id,
    }[sort]
    assert sorted(card.id for card in seen) == ids
    assert seen == sorted(seen, key=key)


@pytest.mark.parametrize(
    "moment", ["2026-W01-1T00:00:00+00:00", "2026-01-01T00:00:00+23:59", "2026-01-01T00:00:00", "now"]
)
def test_a_forged_moment_is_refused(moment: str) -> None:
    cursor = encode_cursor("closes_at", (moment, 1))
    with pytest.raises(CursorInvalid):
        market_cards(sort=MarketSort.CLOSING, cursor=cursor)


@pytest.mark.parametrize("cursor", ["", "x", "W10", "WyJ2IiwxXQ", "é", "A" * 5000, "WyItY3JlYXRlZF9hdCIsIjEiXQ"])
def test_a_foreign_cursor_is_refused(cursor: str) -> None:
    with pytest.raises(CursorInvalid):
        market_cards(cursor=cursor)


def test_the_price_that_moved_most_comes_first() -> None:
    for name, before in (("calm", [500_000, 500_000]), ("down", [900_000, 100_000]), ("up", [380_000, 620_000])):
        market = row_market(f"Is it {name}?", prices=[500_000, 500_000])
        MarketBook.objects.filter(market=market).update(prices_24h_ago=before)
    row_market("Is it new?")
    page = market_cards(sort=MarketSort.MOVE_24H, limit=2)
    assert [(card.question, card.move_24h) for card in page.items] == [("Is it down?", 400_000), ("Is it up?", 120_000)]
    rest = market_cards(sort=MarketSort.MOVE_24H, limit=2, cursor=page.next_cursor)
    assert [card.question for card in rest.items] == ["Is it new?", "Is it calm?"]


def test_what_begins_as_asked_comes_first_then_what_is_closest() -> None:
    for question in ("Will a rainy day come?", "Rain in Lisbon?", "Will it rain?", "Goal?"):
        row_market(question)
    found, cursor = [], None
    for _ in range(3):
        page = market_cards(MarketFilter(q="rain"), sort=MarketSort.RELEVANCE, limit=1, cursor=cursor)
        found += [card.question for card in page.items]
        cursor = page.next_cursor
    assert found == ["Rain in Lisbon?", "Will it rain?", "Will a rainy day come?"]
    assert cursor is None


def test_only_one_kind() -> None:
    row_market("Who?", outcomes=("Ann", "Ben"))
    row_market("Rain?")
    assert _found(kind="categorical") == ["Who?"]
