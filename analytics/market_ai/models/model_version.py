"""The registry of models."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from analytics.market_ai.types import ModelStatus


class ModelVersion(models.Model):
    """One trained model; ``id`` is its version number. Only training writes ``artefact``, and only with its hash.

    ``status`` changes through the services alone; at most one version is live.
    """

    status = models.CharField(max_length=10, choices=[(s.value, s.value) for s in ModelStatus])
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    origin = models.CharField(max_length=200, help_text="Where the contracts it learned from came from.")
    parent = models.ForeignKey("self", on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    data_sha256 = models.CharField(max_length=64)
    contracts = models.PositiveIntegerField()
    groups = models.PositiveIntegerField()
    samples = models.PositiveIntegerField()
    learned_from = models.DateTimeField(help_text="When the oldest sample was told.")
    learned_until = models.DateTimeField(help_text="When the newest answer was known.")
    features = models.JSONField(help_text="Names of the inputs, in order.")
    parameters = models.JSONField()
    metrics = models.JSONField()
    artefact = models.BinaryField()
    artefact_sha256 = models.CharField(max_length=64)
    verdict = models.CharField(max_length=500, blank=True, help_text="Why it was promoted, or why not.")
    promoted_at = models.DateTimeField(null=True, blank=True)
    retired_at = models.DateTimeField(null=True, blank=True)
    drift = models.JSONField(default=dict, blank=True)
    drift_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        default_permissions = ()
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["status"], condition=Q(status="live"), name="market_ai_modelversion_live"),
        ]

    def __str__(self) -> str:
        return f"model {self.pk} ({self.status})"
