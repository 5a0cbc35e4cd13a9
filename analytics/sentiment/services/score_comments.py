"""Find the tone of new comments, and let those that are hidden count no more."""

from datetime import datetime

from django.db import transaction

from analytics.sentiment.engine.lexicon import VERSION, tone_of
from analytics.sentiment.models import ScoredComment
from analytics.sentiment.selectors.unscored import UnscoredComment, unscored_comments
from common import clock

SCALE = 10_000


def score_comments() -> int:
    """Bring the tones of the newest comments up to date; safe to repeat and to run twice at once.

    Returns: how many comments were scored or changed
    """
    waiting = unscored_comments()
    if not waiting:
        return 0
    now = clock.now()
    with transaction.atomic():
        fresh = [_scored(comment, now) for comment in waiting if not comment.is_scored]
        ScoredComment.objects.bulk_create(fresh, ignore_conflicts=True)
        gone = [comment.id for comment in waiting if comment.is_scored and not comment.is_shown]
        ScoredComment.objects.filter(pk__in=gone, until=None).update(until=now)
        back = [comment.id for comment in waiting if comment.is_scored and comment.is_shown]
        # It wasn't known while it was hidden, so it is known anew.
        ScoredComment.objects.filter(pk__in=back).update(until=None, known_at=now)
    return len(waiting)


def _scored(comment: UnscoredComment, now: datetime) -> ScoredComment:
    return ScoredComment(
        comment_id=comment.id,
        market_id=comment.market_id,
        known_at=now,
        score=round(tone_of(comment.text) * SCALE),
        lexicon=VERSION,
    )
