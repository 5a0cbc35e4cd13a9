"""How far the features of an open market have been folded."""

from django.db import models


class MarketFeatures(models.Model):
    """``states`` hold an ``engine.features.FeatureState`` for each outcome, after every minute up to ``folded_to``."""

    market = models.OneToOneField("markets.Market", on_delete=models.CASCADE, primary_key=True, related_name="+")
    states = models.JSONField(default=dict)
    folded_to = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"features of market {self.market_id}"
