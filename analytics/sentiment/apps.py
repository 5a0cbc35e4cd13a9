from importlib import import_module

from django.apps import AppConfig


class SentimentConfig(AppConfig):
    name = "analytics.sentiment"
    label = "sentiment"
    verbose_name = "News and sentiment"

    def ready(self) -> None:
        # By name, because models can't be imported before the apps are loaded.
        import_module("analytics.sentiment.subscribers")
