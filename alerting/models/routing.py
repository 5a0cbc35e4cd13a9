"""Who is told: routes, what keeps alerts from being told, the groups with their timers, and what was told."""

from django.db import models

from alerting.models.incident import Alert


class MuteTime(models.Model):
    """Hours of the calendar, as ``alerting.engine.documents`` writes them, in which matching alerts aren't told."""

    name = models.CharField(max_length=60, unique=True)
    hours = models.JSONField()
    matchers = models.CharField(max_length=2_000, blank=True)
    is_enabled = models.BooleanField(default=True)

    class Meta:
        default_permissions = ()
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class AlertRoute(models.Model):
    """Alerts that match go to ``channels``; routes are tried by ``position``. Empty timers are the site's."""

    name = models.CharField(max_length=60, unique=True)
    position = models.PositiveIntegerField()
    matchers = models.CharField(max_length=2_000)
    channels = models.JSONField(default=list, blank=True)
    group_by = models.JSONField(null=True, blank=True)
    group_wait_s = models.FloatField(null=True, blank=True)
    group_interval_s = models.FloatField(null=True, blank=True)
    repeat_interval_s = models.FloatField(null=True, blank=True)
    goes_on = models.BooleanField(default=False)
    mute_times = models.ManyToManyField(MuteTime, blank=True, related_name="+")

    class Meta:
        default_permissions = ()
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return self.name


class Inhibition(models.Model):
    """While an alert that matches ``source`` fires, those that match ``target`` and agree on ``equal`` aren't told."""

    name = models.CharField(max_length=60, unique=True)
    source = models.CharField(max_length=2_000)
    target = models.CharField(max_length=2_000)
    equal = models.JSONField(default=list, blank=True)

    class Meta:
        default_permissions = ()
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Silence(models.Model):
    """Alerts that match aren't told from start to end. It is never deleted, it expires."""

    matchers = models.CharField(max_length=2_000)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    author = models.CharField(max_length=150)
    comment = models.CharField(max_length=500, blank=True)

    class Meta:
        default_permissions = ()
        indexes = [models.Index(fields=["ends_at"], name="alerting_silence_end")]

    def __str__(self) -> str:
        return self.matchers


class AlertGroup(models.Model):
    """Alerts that are told together. Whoever looks at it holds its row, so that nobody tells twice."""

    route = models.CharField(max_length=200)
    key = models.TextField()
    fingerprint = models.CharField(max_length=32, unique=True)
    labels = models.JSONField()
    next_at = models.DateTimeField()

    class Meta:
        default_permissions = ()
        indexes = [models.Index(fields=["next_at"], name="alerting_group_next")]

    def __str__(self) -> str:
        return self.key


class GroupMember(models.Model):
    """An alert as it is told: its labels with the severity, and when it fires. ``ends_at`` is empty while it does."""

    group = models.ForeignKey(AlertGroup, on_delete=models.CASCADE, related_name="members")
    alert = models.ForeignKey(Alert, null=True, on_delete=models.CASCADE, related_name="+")
    fingerprint = models.CharField(max_length=32)
    labels = models.JSONField()
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True)
    updated_at = models.DateTimeField()
    annotations = models.JSONField(default=dict)

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["group", "fingerprint"], name="alerting_member_once")]

    def __str__(self) -> str:
        return f"{self.labels}"


class ToldLog(models.Model):
    """What a channel was last told of a group: fingerprints of what fired and what was resolved.

    ``message_key`` is the key of that message; should it not arrive, the row goes, and all is news again.
    """

    group_key = models.CharField(max_length=32)
    receiver = models.CharField(max_length=90)
    channel = models.CharField(max_length=60)
    at = models.DateTimeField()
    firing = models.JSONField()
    resolved = models.JSONField()
    message_key = models.CharField(max_length=64, blank=True, db_index=True)

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["group_key", "receiver", "channel"], name="alerting_told_once")]
        indexes = [models.Index(fields=["at"], name="alerting_told_at")]

    def __str__(self) -> str:
        return f"{self.channel} {self.at}"
