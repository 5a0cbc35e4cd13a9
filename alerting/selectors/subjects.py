"""Topics and series as what is followed."""

from dataclasses import dataclass

from alerting.models import SubjectKind
from alerting.selectors.subscriptions import followed
from trading.selectors.series import SeriesView, series_of_ids, series_of_slug
from trading.selectors.topics import TopicView, topics


@dataclass(frozen=True, slots=True)
class Subject:
    kind: SubjectKind
    id: int
    slug: str
    name: str


def topic_subjects() -> tuple[Subject, ...]:
    """The topics, in the order they are shown."""
    return tuple(_subject(SubjectKind.TOPIC, one) for one in topics())


def subject(kind: SubjectKind, slug: str) -> Subject | None:
    if kind is SubjectKind.SERIES:
        found = series_of_slug(slug)
        return None if found is None else _subject(kind, found)
    return next((one for one in topic_subjects() if one.slug == slug), None)


def followed_subjects(user_id: int, kind: SubjectKind) -> tuple[Subject, ...]:
    """What still exists of what somebody follows, the newest first."""
    numbers = followed(user_id, kind)
    if kind is SubjectKind.SERIES:
        by_id = {number: _subject(kind, one) for number, one in series_of_ids(numbers).items()}
    else:
        by_id = {one.id: one for one in topic_subjects()}
    return tuple(by_id[number] for number in numbers if number in by_id)


def _subject(kind: SubjectKind, one: TopicView | SeriesView) -> Subject:
    return Subject(kind, one.id, one.slug, one.name)
