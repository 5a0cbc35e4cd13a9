"""Endpoints of integrators: where a person wants to be told of events, and how far that has come."""

from django.conf import settings
from django.db import models

from alerting.models.channel import Channel


class SwitchedOff(models.TextChoices):
    """Why an endpoint gets nothing."""

    NO = "", "It gets events"
    OWNER = "owner", "Its owner switched it off"
    GONE = "gone", "It answered 410"
    FAILING = "failing", "It failed for days"
    BACKLOG = "backlog", "Too much waits for it"
    SUSPENDED = "suspended", "Its owner is suspended"


class WebhookEndpoint(models.Model):
    """One URL of one person. Address and secrets are the sealed settings of its ``channel``, which is its alone.

    ``events`` are the types it gets, ``markets`` the ids that market events are limited to, none for all. It gets
    what happened from ``since`` on.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    channel = models.OneToOneField(Channel, on_delete=models.CASCADE, related_name="endpoint")
    description = models.CharField(max_length=100, blank=True)
    events = models.JSONField(default=list)
    markets = models.JSONField(default=list)
    switched_off = models.CharField(max_length=9, choices=SwitchedOff.choices, blank=True)
    switched_off_at = models.DateTimeField(null=True)
    since = models.DateTimeField()
    #: Until then the secret before signs as well.
    rotating_until = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=models.Q(switched_off="", switched_off_at=None)
                | (~models.Q(switched_off="") & models.Q(switched_off_at__isnull=False)),
                name="alerting_endpoint_off",
            )
        ]

    def __str__(self) -> str:
        return f"endpoint {self.pk} of {self.user_id}"


class WebhookCursor(models.Model):
    """How far the journal of a market was turned into messages."""

    market = models.OneToOneField("markets.Market", on_delete=models.CASCADE, primary_key=True, related_name="+")
    seq = models.BigIntegerField()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"market {self.market_id} at {self.seq}"


class WebhookReplay(models.Model):
    """What an endpoint asked for again: the journal of a market after ``seq`` up to ``until``."""

    endpoint = models.ForeignKey(WebhookEndpoint, on_delete=models.CASCADE, related_name="replays")
    market = models.ForeignKey("markets.Market", on_delete=models.CASCADE, related_name="+")
    seq = models.BigIntegerField()
    until = models.BigIntegerField()
    since = models.DateTimeField()
    is_whole = models.BooleanField(default=False)
    created_at = models.DateTimeField()

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["endpoint", "market"], name="alerting_webhook_replay_once")]

    def __str__(self) -> str:
        return f"{self.endpoint_id} of market {self.market_id} after {self.seq}"
