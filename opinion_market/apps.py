from importlib import import_module

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import Tags, register
from django.utils.module_loading import autodiscover_modules

from common.query_count import switch

# Imported here so that every process, not only the worker, sends tasks to this broker and counts its connections.
from opinion_market import celery, connection_metrics

__all__ = ["OpinionMarketConfig", "celery", "connection_metrics"]


class OpinionMarketConfig(AppConfig):
    name = "opinion_market"

    def ready(self) -> None:
        switch.is_on, switch.has_comments = settings.METRICS_ENABLED, settings.SQL_COMMENTS
        # Models are loaded by now, so that the subscribers of every app may import services.
        autodiscover_modules("subscribers", "jobs")
        register(import_module("opinion_market.checks").check_no_demo_people, Tags.database)
