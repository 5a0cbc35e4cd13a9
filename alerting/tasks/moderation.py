"""A look for decisions of moderators that nobody has been told of yet."""

from celery import shared_task

from alerting.services import tell_of_cases as telling


@shared_task(acks_late=False, ignore_result=True)
def tell_of_cases() -> int:
    return telling.tell_of_cases()
