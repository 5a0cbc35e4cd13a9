"""Find or make the topic of a given name."""

from django.utils.text import slugify

from markets.models import Topic


def provide_topic(*, name: str, position: int = 0) -> str:
    """The slug of the topic called ``name``, which is made when there is none."""
    wanted = slugify(name)[:60].strip("-") or "other"
    topic, _ = Topic.objects.get_or_create(slug=wanted, defaults={"name": name[:60], "position": position})
    return topic.slug
