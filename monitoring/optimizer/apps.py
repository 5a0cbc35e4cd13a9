from django.apps import AppConfig


class OptimizerConfig(AppConfig):
    name = "monitoring.optimizer"
    label = "optimizer"
