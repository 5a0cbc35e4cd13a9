from django.apps import AppConfig

# Imported here so that every process, not only the worker, sends tasks to this broker.
from opinion_market import celery

__all__ = ["OpinionMarketConfig", "celery"]


class OpinionMarketConfig(AppConfig):
    name = "opinion_market"
