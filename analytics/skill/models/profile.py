"""What a trader lets others see."""

from django.conf import settings
from django.db import models


class Profile(models.Model):
    """``is_private`` hides profit, trades and markets from everybody but their owner; nobody has a row before they
    choose."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, primary_key=True, related_name="+")
    is_private = models.BooleanField(default=False)
    about = models.CharField(max_length=280, blank=True, default="")

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"profile of user {self.user_id}"


class Follow(models.Model):
    """``follower`` wants to see what ``trader`` does."""

    pk = models.CompositePrimaryKey("follower_id", "trader_id")
    follower = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False)
    trader = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        default_permissions = ()
        constraints = [
            models.CheckConstraint(condition=~models.Q(follower=models.F("trader")), name="skill_follow_somebody_else")
        ]

    def __str__(self) -> str:
        return f"user {self.follower_id} follows {self.trader_id}"
