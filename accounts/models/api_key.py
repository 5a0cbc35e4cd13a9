"""Bearer keys of the API; only a hash is stored, so a stolen table opens nothing."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django_prometheus.models import ExportModelOperationsMixin


class ApiKey(ExportModelOperationsMixin("api_key"), models.Model):  # type: ignore[misc]
    """One key of one user. The secret is shown once when the key is made."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="api_keys")
    name = models.CharField(max_length=60, help_text="What uses this key, for example the name of a bot.")
    prefix = models.CharField(max_length=16, help_text="The first characters, to recognise the key.")
    digest = models.BinaryField(max_length=32, unique=True, editable=False)
    scopes = ArrayField(models.CharField(max_length=16), default=list)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "API key"
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["user", "name"], name="accounts_apikey_name")]

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"
