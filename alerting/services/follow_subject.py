"""Follow a topic or series, and stop. What exists is the caller's to know."""

from alerting.errors import FollowLimit
from alerting.models import SubjectKind, Subscription
from alerting.selectors.subscriptions import FOLLOWED_MAX
from common import clock


def follow_subject(*, user_id: int, kind: SubjectKind, subject_id: int) -> None:
    """Be told of its new markets from now on. Safe to repeat.

    Raises: FollowLimit
    """
    mine = Subscription.objects.filter(user=user_id, kind=kind)
    if mine.filter(subject_id=subject_id).exists():
        return
    if mine.count() >= FOLLOWED_MAX:
        raise FollowLimit(f"You follow {FOLLOWED_MAX} already; stop following one first.")
    row = Subscription(user_id=user_id, kind=kind.value, subject_id=subject_id, created_at=clock.now())
    Subscription.objects.bulk_create([row], ignore_conflicts=True)


def unfollow_subject(*, user_id: int, kind: SubjectKind, subject_id: int) -> None:
    """Safe to repeat."""
    Subscription.objects.filter(user=user_id, kind=kind, subject_id=subject_id).delete()
