"""Whether the platform decides by itself."""

from django.db import models


class Switch(models.Model):
    """One row. ``is_on`` is empty while nobody has switched it; the environment counts then."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    is_on = models.BooleanField(null=True)
    changed_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"scaling is {'on' if self.is_on else 'off'}"
