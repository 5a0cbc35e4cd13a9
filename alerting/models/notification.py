"""What the site tells a person, and what the person wants to be told."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class NoticeKind(models.TextChoices):
    """What it is about."""

    FILL = "fill", _("Your order was filled")
    RESOLUTION = "resolution", _("A market you hold was resolved")
    VOTE = "vote", _("A committee you are on votes")
    MENTION = "mention", _("Somebody mentioned you")
    FOLLOW = "follow", _("A trader you follow wrote")
    NEW_MARKET = "new_market", _("A market opened in a topic or series you follow")
    PRICE_MOVE = "price_move", _("A market you watch moved")
    MODERATION = "moderation", _("Moderators decided about you or your report")
    WEBHOOK = "webhook", _("A webhook of yours was switched off")
    SECURITY = "security", _("Something about the security of your account changed")
    ALERT = "alert", _("Alert")


class Notification(models.Model):
    """One line of somebody's list. ``key`` is what it is about, so that it is told once."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=10, choices=NoticeKind.choices)
    key = models.CharField(max_length=96)
    title = models.CharField(max_length=200)
    text = models.CharField(max_length=500, blank=True)
    #: What title and text are made of, see alerting.engine.words; empty where they are as somebody wrote them.
    words = models.JSONField(default=dict, db_default={})
    url = models.CharField(max_length=300, blank=True)
    severity = models.CharField(max_length=9, blank=True)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="alerting_notification_once")]
        indexes = [
            models.Index(fields=["user", "-id"], name="alerting_notification_list"),
            models.Index(fields=["user"], name="alerting_notification_new", condition=models.Q(read_at=None)),
            models.Index(fields=["created_at"], name="alerting_notification_at"),
        ]

    def __str__(self) -> str:
        return self.title


class NotificationPreference(models.Model):
    """How one person wants to hear of one kind; without a row, as the kind has it."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=10, choices=NoticeKind.choices)
    in_app = models.BooleanField()
    email = models.BooleanField()

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["user", "kind"], name="alerting_preference_once")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.kind}"


class Watch(models.Model):
    """A market that somebody watches. ``prices`` are those of its outcomes when the person was last told."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    market = models.ForeignKey("markets.Market", on_delete=models.CASCADE, related_name="+")
    prices = models.JSONField(default=dict)
    created_at = models.DateTimeField()
    told_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()
        verbose_name_plural = "watches"
        constraints = [models.UniqueConstraint(fields=["user", "market"], name="alerting_watch_once")]
        indexes = [models.Index(fields=["market"], name="alerting_watch_market")]

    def __str__(self) -> str:
        return f"{self.user_id} watches {self.market_id}"


class NoticeCursor(models.Model):
    """How far a stream of facts was turned into notifications: the journal of a market, or comments."""

    stream = models.CharField(max_length=40, unique=True)
    position = models.BigIntegerField()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.stream} {self.position}"
