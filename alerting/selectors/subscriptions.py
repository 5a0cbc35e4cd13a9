"""Who follows which topics and series."""

from collections.abc import Sequence
from typing import Final

from alerting.models import SubjectKind, Subscription

FOLLOWED_MAX: Final = 200
FOLLOWERS_MAX: Final = 10_000


def followed(user_id: int, kind: SubjectKind) -> tuple[int, ...]:
    """The newest first."""
    rows = Subscription.objects.filter(user=user_id, kind=kind).order_by("-id")
    return tuple(rows.values_list("subject_id", flat=True)[:FOLLOWED_MAX])


def is_followed(user_id: int, kind: SubjectKind, subject_id: int) -> bool:
    return Subscription.objects.filter(user=user_id, kind=kind, subject_id=subject_id).exists()


def subscribers(kind: SubjectKind, subject_ids: Sequence[int]) -> list[int]:
    """The active followers of any of them, each once; at most ``FOLLOWERS_MAX``."""
    rows = Subscription.objects.filter(kind=kind, subject_id__in=subject_ids, user__is_active=True)
    return list(rows.order_by("user_id").values_list("user_id", flat=True).distinct()[:FOLLOWERS_MAX])
