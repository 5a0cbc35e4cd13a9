"""Jobs of measuring: each calls one service, and may run twice or not at all for a while."""

import logging

import redis
from celery import shared_task
from django.db import OperationalError

from monitoring.services import drop_partitions as dropping
from monitoring.services import make_partitions as making
from monitoring.services import roll_up as rolling
from monitoring.services import store_samples as storing

logger = logging.getLogger(__name__)


@shared_task
def store_samples() -> int:
    """How many frames were stored; while Redis is away they wait in the processes."""
    try:
        return storing.store_samples().frames
    except redis.RedisError as error:
        logger.warning("measurements wait for Redis: %s", error)
        return 0


@shared_task
def roll_up() -> int:
    done = rolling.roll_up()
    return done.minutes + done.hours


@shared_task
def keep_partitions() -> int:
    """How many partitions were made or dropped; one that a long statement keeps is for the next run."""
    changed = making.make_partitions()
    try:
        return changed + len(dropping.drop_partitions())
    except OperationalError as error:
        logger.warning("old measurements are dropped later: %s", error)
        return changed
