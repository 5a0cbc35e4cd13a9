"""What answered contracts say of the source and the category they came from."""

from django.db import models


class AnsweredContract(models.Model):
    """One outcome of a resolved market, counted once in the standings. See ``engine.standing.Score``."""

    pk = models.CompositePrimaryKey("market_id", "outcome")
    market = models.ForeignKey("markets.Market", on_delete=models.CASCADE, related_name="+", db_index=False)
    outcome = models.PositiveSmallIntegerField()
    known_at = models.DateTimeField(db_index=True)
    source = models.CharField(max_length=60)
    category = models.CharField(max_length=60)
    error = models.FloatField(null=True)
    wrong = models.FloatField(null=True)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"outcome {self.outcome} of market {self.market_id}"


class Standing(models.Model):
    """Sums over the answered contracts of one source or one category."""

    kind = models.CharField(max_length=8, choices=[("source", "source"), ("category", "category")])
    name = models.CharField(max_length=60)
    count = models.PositiveIntegerField(default=0)
    total = models.FloatField(default=0.0)

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["kind", "name"], name="market_ai_standing_one")]

    def __str__(self) -> str:
        return f"{self.kind} {self.name}"
