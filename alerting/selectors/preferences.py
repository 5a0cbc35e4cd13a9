"""How people want to be told."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from alerting.models import NoticeKind, NotificationPreference


@dataclass(frozen=True, slots=True)
class Wish:
    in_app: bool
    email: bool


#: For whoever has said nothing. Letters are for what is rare and matters.
DEFAULTS: Final = {
    NoticeKind.FILL: Wish(in_app=True, email=False),
    NoticeKind.RESOLUTION: Wish(in_app=True, email=True),
    NoticeKind.VOTE: Wish(in_app=True, email=True),
    NoticeKind.MENTION: Wish(in_app=True, email=False),
    NoticeKind.FOLLOW: Wish(in_app=True, email=False),
    NoticeKind.NEW_MARKET: Wish(in_app=True, email=False),
    NoticeKind.PRICE_MOVE: Wish(in_app=True, email=False),
    NoticeKind.MODERATION: Wish(in_app=True, email=True),
    NoticeKind.WEBHOOK: Wish(in_app=True, email=True),
    NoticeKind.SECURITY: Wish(in_app=True, email=True),
}


def preferences_of(people: Iterable[int], kind: str) -> dict[int, Wish]:
    """The wish of each, for one kind."""
    ids = list(people)
    said = NotificationPreference.objects.filter(user__in=ids, kind=kind).values_list("user_id", "in_app", "email")
    found = {user_id: Wish(in_app, email) for user_id, in_app, email in said}
    return {user_id: found.get(user_id, DEFAULTS[NoticeKind(kind)]) for user_id in ids}


def own_preferences(user_id: int) -> dict[NoticeKind, Wish]:
    """All wishes of one person, in the order they are shown."""
    said = NotificationPreference.objects.filter(user=user_id).values_list("kind", "in_app", "email")
    found = {kind: Wish(in_app, email) for kind, in_app, email in said}
    return {kind: found.get(kind, wish) for kind, wish in DEFAULTS.items()}
