from django.apps import AppConfig


class SentimentConfig(AppConfig):
    name = "analytics.sentiment"
    label = "sentiment"
