from importlib import import_module

from django.apps import AppConfig


class ScalingConfig(AppConfig):
    name = "monitoring.scaling"
    label = "scaling"

    def ready(self) -> None:
        # By name, because models can't be imported before the apps are loaded.
        import_module("monitoring.scaling.subscribers")
