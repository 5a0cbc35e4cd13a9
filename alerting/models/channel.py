"""Ways out of the house."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext


class ChannelKind(models.TextChoices):
    """What speaks which protocol."""

    EMAIL = "email", "E-mail"
    WEBHOOK = "webhook", "Webhook"
    SLACK = "slack", "Slack"
    SMS = "sms", "Text message"
    IN_APP = "in_app", "In-app"
    APPRISE = "apprise", "Apprise"
    #: Of an integrator; operators neither see it nor send by it.
    ENDPOINT = "endpoint", "Endpoint"


class Channel(models.Model):
    """``sealed`` holds its settings, encrypted; ``shown`` what of them may be seen.

    After failures in a row it rests until ``rests_until``. ``origin`` says who brought it: people (empty), ``built_in``
    or ``config`` (``config/alerting.yaml``, until somebody changes it).
    """

    name = models.CharField(max_length=60)
    kind = models.CharField(max_length=8, choices=ChannelKind.choices)
    sealed = models.TextField(blank=True)
    shown = models.JSONField(default=dict)
    is_enabled = models.BooleanField(default=True)
    is_default = models.BooleanField(default=False)
    sends_resolved = models.BooleanField(default=True)
    timeout_s = models.FloatField(default=5.0)
    retry_attempts = models.PositiveSmallIntegerField(default=3)
    origin = models.CharField(max_length=8, blank=True)
    failures = models.PositiveIntegerField(default=0)
    #: Since when no message got through, none for a channel whose last one did.
    failing_since = models.DateTimeField(null=True)
    rests_until = models.DateTimeField(null=True)
    problem = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        default_permissions = ()
        ordering = ["name"]
        constraints = [models.UniqueConstraint(Lower("name"), name="alerting_channel_name")]

    def __str__(self) -> str:
        return self.name


class Contact(models.Model):
    """Where a person is reached through a channel, beside the site itself: a number or an address."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    channel = models.ForeignKey(Channel, on_delete=models.CASCADE, related_name="+")
    address = models.CharField(max_length=300)
    created_at = models.DateTimeField()

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["user", "channel"], name="alerting_contact_once")]

    def __str__(self) -> str:
        return gettext("%(person)s by channel %(channel)s") % {"person": self.user_id, "channel": self.channel_id}
