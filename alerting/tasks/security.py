"""A look for what happened to the locks of accounts and nobody was told of yet."""

from celery import shared_task

from alerting.services import tell_of_security as telling


@shared_task(acks_late=False, ignore_result=True)
def tell_of_security() -> int:
    return telling.tell_of_security()
