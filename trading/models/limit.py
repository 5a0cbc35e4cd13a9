"""What staff allow single traders, instead of what their markets allow everybody."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext


class TraderLimit(models.Model):
    """Quantities in lots; an empty column leaves the market's limit or the default."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, primary_key=True, related_name="+")
    max_open_orders = models.PositiveIntegerField(null=True, blank=True)
    max_order_lots = models.BigIntegerField(null=True, blank=True)
    max_position_lots = models.BigIntegerField(null=True, blank=True)
    updated_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=(Q(max_order_lots__isnull=True) | Q(max_order_lots__gt=0))
                & (Q(max_position_lots__isnull=True) | Q(max_position_lots__gte=0)),
                name="trading_traderlimit_amounts",
            )
        ]

    def __str__(self) -> str:
        return gettext("limits of trader %(number)s") % {"number": self.pk}
