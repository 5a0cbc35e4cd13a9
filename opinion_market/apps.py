from importlib import import_module
from importlib.util import find_spec

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import Tags, register
from django.core.exceptions import ImproperlyConfigured
from django.utils.module_loading import autodiscover_modules

from common.query_count import switch
from common.staff_names import say_names
from common.tracing import tracing

# Imported here so that every process, not only the worker, sends tasks to this broker and counts its connections.
from opinion_market import celery, connection_metrics

__all__ = ["OpinionMarketConfig", "celery", "connection_metrics"]


class OpinionMarketConfig(AppConfig):
    name = "opinion_market"

    def ready(self) -> None:
        switch.is_on, switch.has_comments = settings.METRICS_ENABLED, settings.SQL_COMMENTS
        _turn_tracing_on()
        # Models are loaded by now, so that the subscribers of every app may import services.
        autodiscover_modules("subscribers", "jobs")
        say_names()
        register(import_module("opinion_market.checks").check_no_demo_people, Tags.database)


def _turn_tracing_on() -> None:
    """Where a collector is named; nothing of OpenTelemetry is imported elsewhere."""
    if not settings.ENV.otel_exporter_otlp_endpoint:
        return
    if find_spec("opentelemetry") is None:
        raise ImproperlyConfigured(
            "OTEL_EXPORTER_OTLP_ENDPOINT is set without OpenTelemetry: pip install -r requirements-otel.txt"
        )
    tracing.turn_on("opinion_market.otlp.OtlpExporter", share=settings.ENV.otel_traces_sampler_arg)
