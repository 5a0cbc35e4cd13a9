from django.apps import AppConfig


class BusinessConfig(AppConfig):
    name = "analytics.business"
    label = "business"
