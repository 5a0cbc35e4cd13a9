"""Background jobs. No fact lives in Redis alone: tasks are nudges, sweeps of the schedule find what was missed."""

import os

from celery import Celery

from opinion_market import memory, prefetch, silence, task_context, task_metrics
from opinion_market.schedule import SCHEDULE

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "opinion_market.settings.dev")

#: Imported for the signals that it listens to.
__all__ = ["app", "memory", "prefetch", "silence", "task_context", "task_metrics"]

app = Celery("opinion_market")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.update(
    task_serializer="json",
    accept_content=["json"],
    task_ignore_result=True,
    result_backend=None,
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    worker_prefetch_multiplier=1,
    task_time_limit=60,
    task_soft_time_limit=50,
    worker_soft_shutdown_timeout=20,
    worker_cancel_long_running_tasks_on_connection_loss=True,
    broker_connection_retry_on_startup=True,
    # A worker that was killed has its tasks back in the queue after two minutes instead of an hour.
    broker_transport_options={
        "visibility_timeout": 120,
        "unacked_restore_interval": 5,
        "unacked_restore_throttle": 1,
        "health_check_interval": 5,
        "socket_timeout": 10,
        "socket_connect_timeout": 5,
        "global_keyprefix": "om:celery:",
    },
    worker_hijack_root_logger=False,
    timezone="UTC",
    beat_schedule=SCHEDULE,
)
app.autodiscover_tasks()
