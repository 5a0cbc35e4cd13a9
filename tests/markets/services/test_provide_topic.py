import pytest

from markets.models import Topic
from markets.services.provide_topic import provide_topic

pytestmark = pytest.mark.django_db


def test_a_topic_is_made_once() -> None:
    assert provide_topic(name="Social science", position=7) == "social-science"
    assert provide_topic(name="Social science") == "social-science"
    assert list(Topic.objects.values_list("name", "slug", "position")) == [("Social science", "social-science", 7)]


@pytest.mark.parametrize(("name", "slug"), [("Science", "sci"), ("SCIENCE!", "science")])
def test_a_topic_of_the_same_name_or_slug_is_used(name: str, slug: str) -> None:
    Topic.objects.create(name="Science", slug=slug)

    assert provide_topic(name=name) == slug
    assert Topic.objects.count() == 1


def test_a_name_without_letters_is_other() -> None:
    assert provide_topic(name="心理学") == "other"
