"""Which series exist: a measurement of the whole site, of a process or of a route."""

from django.db import models


class Series(models.Model):
    """``name`` is one of the catalogue; ``dimension`` is empty, ``process:<process>`` or ``route:<method path>``."""

    id = models.AutoField(primary_key=True)
    name = models.CharField(max_length=64)
    dimension = models.CharField(max_length=200, blank=True)
    #: The last day with a sample; a series whose data has all been dropped goes too.
    last_on = models.DateField()

    class Meta:
        verbose_name_plural = "series"
        constraints = [models.UniqueConstraint(fields=["name", "dimension"], name="monitoring_series_once")]

    def __str__(self) -> str:
        return f"{self.name} {self.dimension}".strip()
