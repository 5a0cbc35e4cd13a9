"""Find or make the topic of a given name."""

from django.db.models import Q
from django.utils.text import slugify

from markets.models import Topic

NAME_LENGTH_MAX = 60


def provide_topic(*, name: str, position: int = 0) -> str:
    """The slug of the topic called ``name``, which is made when there is none."""
    short = name[:NAME_LENGTH_MAX]
    wanted = slugify(short).strip("-") or "other"
    topic = Topic.objects.filter(Q(name=short) | Q(slug=wanted)).order_by("pk").first()
    return (topic or Topic.objects.create(slug=wanted, name=short, position=position)).slug
