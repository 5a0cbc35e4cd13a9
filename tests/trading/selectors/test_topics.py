import pytest

from markets.models import Topic
from tests.factories.rows import row_market
from trading.selectors.topics import topics

pytestmark = pytest.mark.django_db


def test_topics_with_a_published_market_in_their_order() -> None:
    row_market(topic="Sport")
    row_market(topic="Art")
    row_market(topic="Science", status="draft")
    Topic.objects.filter(slug="art").update(position=2)
    Topic.objects.filter(slug="sport").update(position=1)
    assert [(topic.slug, topic.name) for topic in topics()] == [("sport", "Sport"), ("art", "Art")]
