"""Jobs of the track records by the clock; each may run twice or not at all for a while."""

from celery import shared_task

from analytics.skill.services import fold_records as folding
from analytics.skill.services import mark_profits as marking


@shared_task
def fold_records() -> int:
    return folding.fold_records()


@shared_task
def mark_profits() -> int:
    return marking.mark_profits()
