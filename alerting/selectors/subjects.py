"""Topics as what is followed."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

from alerting.models import SubjectKind
from alerting.selectors.subscriptions import followed
from trading.selectors.topics import TopicView, topics


@dataclass(frozen=True, slots=True)
class Subject:
    kind: SubjectKind
    id: int
    slug: str
    name: str


_KNOWN: Final[dict[SubjectKind, Callable[[], Iterable[TopicView]]]] = {SubjectKind.TOPIC: topics}


def subjects(kind: SubjectKind) -> tuple[Subject, ...]:
    """What can be followed, in the order it is shown."""
    return tuple(Subject(kind, one.id, one.slug, one.name) for one in _KNOWN.get(kind, tuple)())


def subject(kind: SubjectKind, slug: str) -> Subject | None:
    return next((one for one in subjects(kind) if one.slug == slug), None)


def followed_subjects(user_id: int, kind: SubjectKind) -> tuple[Subject, ...]:
    """What still exists of what somebody follows, the newest first."""
    by_id = {one.id: one for one in subjects(kind)}
    return tuple(by_id[number] for number in followed(user_id, kind) if number in by_id)
