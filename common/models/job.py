"""Work that is done in the background, and every attempt at it."""

from django.db import models
from django.utils.translation import gettext


class JobStatus(models.TextChoices):
    PENDING = "PENDING", "waiting"
    RUNNING = "RUNNING", "running"
    COMPLETED = "COMPLETED", "completed"
    FAILED = "FAILED", "failed"
    CANCELLED = "CANCELLED", "cancelled"
    LOST = "LOST", "worker lost, waiting for another"


class Job(models.Model):
    """One piece of work. ``owner_id`` is the person it is for; without one it is the site's own.

    While it runs, whoever holds ``lease`` until ``leased_until`` may write to it, and nobody else.
    """

    kind = models.CharField(max_length=60)
    owner_id = models.BigIntegerField(null=True, blank=True, help_text="Who it is for; empty: the site itself.")
    parent = models.ForeignKey("self", on_delete=models.CASCADE, related_name="children", null=True, blank=True)
    status = models.CharField(max_length=10, choices=JobStatus.choices, default=JobStatus.PENDING)
    priority = models.SmallIntegerField(default=0, help_text="Higher ones are taken first.")
    arguments = models.JSONField(default=dict, blank=True)
    key = models.CharField(max_length=120, blank=True, help_text="The same key means the same job.")
    tick_at = models.DateTimeField(null=True, blank=True, help_text="Of work by the clock: which turn it is.")

    created_at = models.DateTimeField()
    due_at = models.DateTimeField(help_text="Not before this moment.")
    started_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    attempt = models.PositiveIntegerField(default=0, help_text="Number of the newest attempt, from 1.")
    failures = models.PositiveIntegerField(default=0)
    losses = models.PositiveIntegerField(default=0)
    lease = models.CharField(max_length=32, blank=True)
    leased_until = models.DateTimeField(null=True, blank=True)
    is_cancel_asked = models.BooleanField(default=False)

    done = models.BigIntegerField(default=0)
    total = models.BigIntegerField(null=True, blank=True)
    words = models.CharField(max_length=200, blank=True, help_text="What it is doing now.")

    error = models.TextField(blank=True, help_text="Why it failed, for its owner.")
    result = models.JSONField(null=True, blank=True)
    file_path = models.CharField(max_length=200, blank=True, help_text="Inside the folder of results.")
    file_name = models.CharField(max_length=120, blank=True, help_text="What the owner's copy is called.")
    file_type = models.CharField(max_length=60, blank=True)
    file_bytes = models.BigIntegerField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["-priority", "due_at", "id"],
                condition=models.Q(status__in=["PENDING", "LOST"]),
                name="common_job_waiting",
            ),
            models.Index(fields=["leased_until"], condition=models.Q(status="RUNNING"), name="common_job_running"),
            models.Index(fields=["owner_id", "-id"], name="common_job_owner"),
            models.Index(fields=["ended_at"], condition=models.Q(ended_at__isnull=False), name="common_job_ended"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "owner_id", "key"],
                condition=~models.Q(key=""),
                nulls_distinct=False,
                name="common_job_key_once",
            ),
            models.UniqueConstraint(fields=["kind", "tick_at"], name="common_job_tick_once"),
            models.CheckConstraint(
                condition=models.Q(status__in=["COMPLETED", "FAILED", "CANCELLED"], ended_at__isnull=False)
                | models.Q(status__in=["PENDING", "RUNNING", "LOST"], ended_at__isnull=True),
                name="common_job_ends_once",
            ),
            models.CheckConstraint(
                condition=models.Q(status="RUNNING", leased_until__isnull=False)
                | (~models.Q(status="RUNNING") & models.Q(lease="", leased_until__isnull=True)),
                name="common_job_lease_of_running",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class JobAttempt(models.Model):
    """One worker's try at a job; ``outcome`` is empty while it lasts."""

    job = models.ForeignKey(Job, on_delete=models.CASCADE, related_name="attempts")
    number = models.PositiveIntegerField()
    worker = models.CharField(max_length=120)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=10, blank=True, help_text="completed, failed, cancelled or lost.")
    error = models.TextField(blank=True, help_text="For staff.")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["job", "number"], name="common_jobattempt_once")]

    def __str__(self) -> str:
        return gettext("%(job)s attempt %(number)s") % {"job": self.job_id, "number": self.number}
