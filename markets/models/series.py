"""Series: recurring lines of events, and which event stands where in them.

Events have no row of their own: an event is the name that its markets share (``Market.event_group``).
"""

from django.conf import settings
from django.db import models

from markets.types import Cadence


class Series(models.Model):
    """Its slug never changes, so that links to it hold."""

    name = models.CharField(max_length=80, unique=True)
    slug = models.SlugField(max_length=60, unique=True)
    description = models.TextField(max_length=1_000, blank=True, help_text="For readers, in plain text.")
    cadence = models.CharField(max_length=9, choices=[(c.value, c.value) for c in Cadence])
    creator = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["-id"]
        default_permissions = ("view",)
        verbose_name_plural = "series"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(cadence__in=[c.value for c in Cadence]), name="markets_series_pace"
            ),
            models.CheckConstraint(condition=~models.Q(name="") & ~models.Q(slug=""), name="markets_series_named"),
        ]

    def __str__(self) -> str:
        return self.name


class SeriesEvent(models.Model):
    """An event in its series, of which it has at most one. ``at``: when the last of its markets ends.

    ``told_at`` is empty until the followers of the series were told of it.
    """

    series = models.ForeignKey(Series, on_delete=models.PROTECT, related_name="+", db_index=False)
    name = models.CharField(max_length=80, unique=True)
    at = models.DateTimeField()
    placed_at = models.DateTimeField()
    told_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["series", "at", "id"]
        default_permissions = ("view",)
        constraints = [models.CheckConstraint(condition=~models.Q(name=""), name="markets_seriesevent_named")]
        indexes = [
            models.Index(fields=["series", "at", "id"], name="markets_seriesevent_line"),
            models.Index(fields=["id"], condition=models.Q(told_at=None), name="markets_seriesevent_untold"),
        ]

    def __str__(self) -> str:
        return self.name
