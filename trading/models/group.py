"""Order groups: orders on any markets that are cancelled together when too much of them fills too fast."""

from django.conf import settings
from django.db import models
from django.db.models import Q


class OrderGroup(models.Model):
    """``limit_lots`` filled within ``window_s`` seconds trip the fuse; ``tripped_at`` is empty while it holds."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    limit_lots = models.BigIntegerField()
    window_s = models.PositiveIntegerField()
    tripped_at = models.DateTimeField(null=True)
    #: By hand, or when it is deleted: fills had nothing to do with it.
    is_by_hand = models.BooleanField(default=False)
    created_at = models.DateTimeField()

    class Meta:
        default_permissions = ()
        indexes = [
            models.Index(fields=["id"], condition=Q(tripped_at__isnull=False), name="trading_ordergroup_tripped"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(limit_lots__gt=0) & Q(window_s__gt=0), name="trading_ordergroup_amounts")
        ]

    def __str__(self) -> str:
        return f"order group {self.pk}"


class GroupFill(models.Model):
    """What one batch filled of a group; rows older than the window are deleted with the next fill."""

    group = models.ForeignKey(OrderGroup, on_delete=models.CASCADE, related_name="fills", db_index=False)
    at = models.DateTimeField()
    lots = models.BigIntegerField()

    class Meta:
        default_permissions = ()
        indexes = [models.Index(fields=["group", "at"], name="trading_groupfill_at")]

    def __str__(self) -> str:
        return f"{self.lots} lots of group {self.group_id}"
