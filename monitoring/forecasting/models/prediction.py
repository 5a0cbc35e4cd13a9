"""What is expected next."""

from django.db import models


class Prediction(models.Model):
    """The newest forecast of a series at a horizon, with what it is worth; see ``engine.forecasts.Forecast``."""

    name = models.CharField(max_length=64)
    horizon_min = models.PositiveIntegerField()
    made_at = models.DateTimeField()
    for_at = models.DateTimeField()
    model = models.CharField(max_length=60)
    value = models.FloatField()
    low_80 = models.FloatField()
    high_80 = models.FloatField()
    low_95 = models.FloatField()
    high_95 = models.FloatField()
    skill = models.FloatField()
    seasonal_skill = models.FloatField(null=True)
    error = models.FloatField()
    naive_error = models.FloatField()
    r2 = models.FloatField()
    origins = models.PositiveIntegerField()
    is_hidden = models.BooleanField()

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["name", "horizon_min"], name="forecasting_prediction_one")]

    def __str__(self) -> str:
        return f"{self.name} in {self.horizon_min} min"
