from importlib import import_module

from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "analytics.reports"
    label = "reports"

    def ready(self) -> None:
        # By name, because models can't be imported before the apps are loaded.
        import_module("analytics.reports.jobs")
