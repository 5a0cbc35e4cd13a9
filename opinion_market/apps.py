from django.apps import AppConfig


class OpinionMarketConfig(AppConfig):
    name = "opinion_market"
