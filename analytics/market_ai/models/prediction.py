"""What the live model says of a market now, and what it said before."""

from django.db import models
from django.db.models import Q

from analytics.market_ai.types import RiskLevel


class MarketPrediction(models.Model):
    """The newest estimate of a market, or why there is none (``cold_reason``).

    ``seq`` is the journal record up to which it knows the market. ``outcomes`` are lists in the order of the market's
    outcomes: price, probability, low, high, confidence.
    """

    market = models.OneToOneField("markets.Market", on_delete=models.CASCADE, primary_key=True, related_name="+")
    seq = models.BigIntegerField()
    made_at = models.DateTimeField()
    model = models.ForeignKey("market_ai.ModelVersion", on_delete=models.PROTECT, related_name="+", null=True)
    cold_reason = models.CharField(max_length=200, blank=True)
    outcomes = models.JSONField(default=list)
    features = models.JSONField(default=dict)
    risk = models.CharField(max_length=6, choices=[(r.value, r.value) for r in RiskLevel], blank=True)
    reasons = models.JSONField(default=list)

    class Meta:
        default_permissions = ()
        indexes = [models.Index(fields=["made_at"], name="market_ai_prediction_made")]

    def __str__(self) -> str:
        return f"prediction of market {self.market_id}"


class PredictionRecord(models.Model):
    """An estimate of one outcome beside its price, kept so that both can be scored once the answer is known."""

    market = models.ForeignKey("markets.Market", on_delete=models.CASCADE, related_name="+", db_index=False)
    outcome = models.PositiveSmallIntegerField()
    made_at = models.DateTimeField()
    model = models.ForeignKey("market_ai.ModelVersion", on_delete=models.PROTECT, related_name="+")
    price = models.FloatField()
    probability = models.FloatField()
    low = models.FloatField()
    high = models.FloatField()

    class Meta:
        default_permissions = ()
        indexes = [models.Index(fields=["market", "outcome", "-made_at"], name="market_ai_record_market")]
        constraints = [
            models.CheckConstraint(
                condition=Q(low__lte=models.F("probability")) & Q(probability__lte=models.F("high")),
                name="market_ai_record_interval",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.probability} for outcome {self.outcome} of market {self.market_id}"
