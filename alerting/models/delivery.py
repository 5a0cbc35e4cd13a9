"""What is to leave the house, and how that went: the outbox."""

from typing import Final

from django.conf import settings
from django.db import models
from django.utils.translation import gettext

from alerting.models.channel import Channel

#: The source of messages to integrators' endpoints: their owners see them, operators don't.
ENDPOINT_SOURCE: Final = "endpoint"


class DeliveryStatus(models.TextChoices):
    """Where a message stands. ``EXPIRED``: its deadline came first."""

    WAITING = "waiting", "Waiting"
    DELIVERED = "delivered", "Delivered"
    DEAD = "dead", "Given up"
    EXPIRED = "expired", "Too late"


class Delivery(models.Model):
    """One message for one receiver of one channel. ``key`` is what the receiver tells a repetition by.

    Whoever leases a row moves ``due_at`` to the end of the lease and raises ``attempts``, which is its token: a worker
    that dies leaves a row that is due again. Rows with the same ``thread`` belong together.
    """

    key = models.CharField(max_length=64, unique=True)
    channel = models.ForeignKey(Channel, on_delete=models.CASCADE, related_name="+")
    recipient = models.CharField(max_length=300, blank=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE, related_name="+")
    source = models.CharField(max_length=12)
    thread = models.CharField(max_length=64, blank=True)
    content = models.JSONField()
    reason = models.CharField(max_length=60, blank=True)
    status = models.CharField(max_length=9, choices=DeliveryStatus.choices, default=DeliveryStatus.WAITING)
    created_at = models.DateTimeField()
    due_at = models.DateTimeField()
    deadline_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    failed = models.PositiveSmallIntegerField(default=0)
    #: Recipients that an attempt told before it failed or its worker died.
    progress = models.JSONField(default=list)
    is_leased = models.BooleanField(default=False)
    first_tried_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    problem = models.CharField(max_length=300, blank=True)
    #: The key of the message that this one went along with.
    bundle = models.CharField(max_length=64, blank=True)
    replays = models.PositiveSmallIntegerField(default=0)

    class Meta:
        default_permissions = ()
        verbose_name_plural = "deliveries"
        indexes = [
            models.Index(
                fields=["channel", "due_at"], name="alerting_delivery_due", condition=models.Q(status="waiting")
            ),
            models.Index(
                fields=["-ended_at"], name="alerting_delivery_dead", condition=models.Q(status__in=["dead", "expired"])
            ),
            models.Index(fields=["ended_at"], name="alerting_delivery_end", condition=models.Q(ended_at__isnull=False)),
            models.Index(fields=["channel", "-created_at"], name="alerting_delivery_channel"),
            models.Index(
                fields=["channel", "recipient", "thread", "id"],
                name="alerting_delivery_order",
                condition=models.Q(status="waiting") & ~models.Q(thread=""),
            ),
            models.Index(
                fields=["channel", "recipient", "-ended_at"],
                name="alerting_delivery_told",
                condition=models.Q(status="delivered"),
            ),
            models.Index(fields=["bundle"], name="alerting_delivery_bundle", condition=~models.Q(bundle="")),
        ]

    def __str__(self) -> str:
        return gettext("%(key)s by channel %(channel)s") % {"key": self.key, "channel": self.channel_id}


class DeliveryAttempt(models.Model):
    """One try. A row without an outcome belongs to a worker that works on it, or died doing so."""

    delivery = models.ForeignKey(Delivery, on_delete=models.CASCADE, related_name="tries")
    number = models.PositiveSmallIntegerField()
    at = models.DateTimeField()
    took_ms = models.PositiveIntegerField(null=True)
    is_success = models.BooleanField(null=True)
    detail = models.CharField(max_length=300, blank=True)
    #: What a program answered, for the owner of an endpoint.
    code = models.PositiveSmallIntegerField(null=True)
    excerpt = models.CharField(max_length=300, blank=True, db_default="")

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["delivery", "number"], name="alerting_attempt_once")]
        indexes = [models.Index(fields=["at"], name="alerting_attempt_at")]

    def __str__(self) -> str:
        return f"{self.delivery_id} try {self.number}"


class ThreadMark(models.Model):
    """What the first message of a thread is known by at its receiver: an id to answer to or to change."""

    channel = models.ForeignKey(Channel, on_delete=models.CASCADE, related_name="+")
    recipient = models.CharField(max_length=300, blank=True)
    thread = models.CharField(max_length=64)
    reference = models.CharField(max_length=300)
    updated_at = models.DateTimeField()

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["channel", "recipient", "thread"], name="alerting_thread_once")]
        indexes = [models.Index(fields=["updated_at"], name="alerting_thread_at")]

    def __str__(self) -> str:
        return self.thread
