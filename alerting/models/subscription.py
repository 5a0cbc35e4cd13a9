"""What people follow beside traders and markets, and the letters that gather what is new."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class SubjectKind(models.TextChoices):
    """What brings new markets."""

    TOPIC = "topic", "Topic"
    SERIES = "series", "Series"


class Subscription(models.Model):
    """Somebody wants to know of new markets of a topic or series, by its id."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False)
    kind = models.CharField(max_length=6, choices=SubjectKind.choices)
    subject_id = models.BigIntegerField()
    created_at = models.DateTimeField()

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["user", "kind", "subject_id"], name="alerting_subscription_once"),
            models.CheckConstraint(condition=models.Q(kind__in=SubjectKind.values), name="alerting_subscription_kind"),
        ]
        indexes = [models.Index(fields=["kind", "subject_id", "id"], name="alerting_subscription_of")]

    def __str__(self) -> str:
        return f"{self.user_id} follows {self.kind} {self.subject_id}"


class DigestPace(models.TextChoices):
    """How often."""

    DAILY = "daily", _("Every day")
    WEEKLY = "weekly", _("Every week")


class Digest(models.Model):
    """Somebody wants a letter with what is new in their list. ``since`` is up to where they were told.

    Who has no row gets none.
    """

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    pace = models.CharField(max_length=6, choices=DigestPace.choices)
    since = models.DateTimeField()
    next_at = models.DateTimeField(db_index=True)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.pace} for {self.user_id}"
