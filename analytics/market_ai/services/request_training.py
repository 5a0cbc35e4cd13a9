"""Ask for a training on the site's resolved markets, as a background job."""

from typing import Final

from django.db import transaction

from common.audit import record_audit
from common.jobs.enqueue import enqueue
from common.models import Job

KIND: Final = "train_market_model"


def request_training(*, actor_id: int, ip: str = "") -> Job:
    """Raises: JobTooMany while one is under way. Publishes: JobQueued"""
    with transaction.atomic():
        job = enqueue(kind=KIND, owner_id=actor_id)
        record_audit(actor_id=actor_id, action="market_ai.request_training", target=job, ip=ip)
        return job
