"""Jobs of the market AI by the clock: each calls one service, and may run twice or not at all for a while.

None of these imports the learning libraries: estimating is plain Python. Training is a job of ``jobs.py``.
"""

from celery import shared_task

from analytics.market_ai.services import count_answered as counting
from analytics.market_ai.services import fold_traders as folding
from analytics.market_ai.services import refresh_predictions as refreshing


@shared_task
def refresh_predictions() -> int:
    return refreshing.refresh_predictions()


@shared_task
def count_answered() -> int:
    return counting.count_answered()


@shared_task
def fold_traders() -> int:
    return folding.fold_traders()
