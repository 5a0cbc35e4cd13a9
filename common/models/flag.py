"""What staff have switched while the site runs."""

from django.db import models


class Flag(models.Model):
    """A feature flag that the program declares. ``is_on`` is empty while nobody has switched it."""

    name = models.CharField(max_length=60, unique=True)
    is_on = models.BooleanField(null=True, blank=True)
    changed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["name"]
        verbose_name = "feature flag"

    def __str__(self) -> str:
        return self.name
