"""What people decide: approve, dismiss, take back."""

from django.db import transaction

from common import clock
from monitoring.optimizer.engine.lifecycle import may_become
from monitoring.optimizer.errors import RecommendationClosed, RecommendationUnknown
from monitoring.optimizer.models import Recommendation
from monitoring.optimizer.services._marks import mark
from monitoring.optimizer.services.apply_recommendation import apply_recommendation, revert_recommendation
from monitoring.optimizer.types import Status


def approve_recommendation(*, actor_id: int, recommendation_id: int, ip: str = "") -> Recommendation:
    """Do it; its effect is watched from then on.

    Raises: RecommendationUnknown, RecommendationClosed, ActNotAllowed, SubsystemBusy
    """
    with transaction.atomic():
        row = _locked(recommendation_id)
        apply_recommendation(row=row, status=Status.APPROVED, actor_id=actor_id, ip=ip)
    return row


def take_back_recommendation(*, actor_id: int, recommendation_id: int, reason: str, ip: str = "") -> Recommendation:
    """Put back what was before.

    Raises: RecommendationUnknown, RecommendationClosed, ActNotAllowed
    """
    with transaction.atomic():
        row = _locked(recommendation_id)
        revert_recommendation(row=row, reason=reason or "Taken back by hand.", actor_id=actor_id, ip=ip)
    return row


def dismiss_recommendation(*, actor_id: int, recommendation_id: int, reason: str, ip: str = "") -> Recommendation:
    """Leave it; the same is not proposed again for a day.

    Raises: RecommendationUnknown, RecommendationClosed
    """
    with transaction.atomic():
        row = _locked(recommendation_id)
        if not may_become(Status(row.status), Status.DISMISSED):
            raise RecommendationClosed(f"It is {row.status} already.")
        row.status, row.reason = Status.DISMISSED.value, reason[:250]
        row.ended_at = row.decided_at = clock.now()
        row.decided_by_id = actor_id
        row.save()
        mark(row, "dismissed", actor_id=actor_id, ip=ip)
    return row


def _locked(recommendation_id: int) -> Recommendation:
    row = Recommendation.objects.select_for_update(of=("self",)).filter(pk=recommendation_id).first()
    if row is None:
        raise RecommendationUnknown(
            f"There is no recommendation {recommendation_id}. See the list for those there are."
        )
    return row
