from importlib import import_module

from django.apps import AppConfig


class TradingConfig(AppConfig):
    name = "trading"
    verbose_name = "Trading"

    def ready(self) -> None:
        # By name, because models can't be imported before the apps are loaded.
        import_module("trading.subscribers")
