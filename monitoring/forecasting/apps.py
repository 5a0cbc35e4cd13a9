from django.apps import AppConfig


class ForecastingConfig(AppConfig):
    name = "monitoring.forecasting"
    label = "forecasting"
