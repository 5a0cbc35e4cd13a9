from django.apps import AppConfig


class MarketAiConfig(AppConfig):
    name = "analytics.market_ai"
    label = "market_ai"
