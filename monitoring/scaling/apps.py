from django.apps import AppConfig


class ScalingConfig(AppConfig):
    name = "monitoring.scaling"
    label = "scaling"
