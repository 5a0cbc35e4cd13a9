"""Lists that are kept, over real commits: nothing is kept inside a test's own transaction."""

from collections.abc import Iterator

import pytest
import redis
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from common.caching.memory_store import forget_memory
from markets.models import Topic
from markets.services.halt_market import halt_market
from tests.factories.accounts import make_dave
from tests.factories.rows import row_market
from trading.models import MarketBook
from trading.selectors.market_cards import MarketSort
from trading.selectors.shared_lists import front_page, search_page
from trading.selectors.topics import topics

pytestmark = pytest.mark.django_db(transaction=True)
NEWEST = (MarketSort.NEWEST, "", "", 10)


@pytest.fixture(autouse=True)
def _new_caches() -> Iterator[None]:
    def forget() -> None:
        forget_memory()
        with redis.Redis.from_url(settings.REDIS_URL) as client:
            for key in client.scan_iter("om:cache:*"):
                client.delete(key)

    forget()
    yield
    forget()


def questions(page: object) -> list[str]:
    return [card.question for card in page.items]  # type: ignore[attr-defined]


def test_a_front_page_is_kept_until_a_market_changes_its_state() -> None:
    market = row_market("Will it rain?", prices=[600_000, 400_000])
    first = front_page(*NEWEST)
    assert questions(first) == ["Will it rain?"]
    MarketBook.objects.update(prices=[700_000, 300_000])
    assert front_page(*NEWEST) is first
    halt_market(market_id=market.pk, actor_id=make_dave().pk, reason="The source is down.")
    assert [card.status for card in front_page(*NEWEST).items] == ["halted"]


def test_a_search_is_shared_and_comes_back_whole() -> None:
    row_market("Will it rain in Lisbon?")
    row_market("Who wins the cup?")
    computed = search_page("Rain  LISBON", *NEWEST)
    with CaptureQueriesContext(connection) as queries:
        kept = search_page("rain lisbon", *NEWEST)
    assert len(queries) == 0
    assert kept == computed
    assert questions(kept) == ["Will it rain in Lisbon?"]


def test_topics_are_kept_until_staff_change_one(client: Client) -> None:
    row_market(topic="Science")
    assert [topic.name for topic in topics()] == ["Science"]
    Topic.objects.update(name="Renamed")
    assert [topic.name for topic in topics()] == ["Science"]
    dave = make_dave()
    dave.is_staff = dave.is_superuser = True
    dave.save(update_fields=["is_staff", "is_superuser"])
    client.force_login(dave)
    topic = Topic.objects.get()
    answer = client.post(
        f"/admin/markets/topic/{topic.pk}/change/", {"name": "Sciences", "slug": topic.slug, "position": 1}
    )
    assert answer.status_code == 302
    assert [topic.name for topic in topics()] == ["Sciences"]
