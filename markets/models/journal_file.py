"""The old part of a market's journal, in files."""

from django.db import models
from django.db.models import F, Q


class JournalFile(models.Model):
    """Records ``first_seq`` to ``last_seq`` of a market in one file under ``JOURNAL_ARCHIVE_DIR``.

    ``members`` are [first seq, offset, bytes] of its parts, each a gzip member that can be read by itself.
    The rows may leave the table only once ``verified_at`` is set: PostgreSQL refuses it before.
    """

    market = models.ForeignKey(
        "markets.Market", on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    first_seq = models.BigIntegerField()
    last_seq = models.BigIntegerField()
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()
    path = models.CharField(max_length=200, help_text="Inside the folder of the archive.")
    bytes = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)
    members = models.JSONField(default=list)
    written_at = models.DateTimeField()
    verified_at = models.DateTimeField(null=True, blank=True, help_text="Read again and found equal to the table.")
    dropped_at = models.DateTimeField(null=True, blank=True, help_text="Its rows have left the table.")

    class Meta:
        ordering = ["market", "first_seq"]
        constraints = [
            models.UniqueConstraint(fields=["market", "first_seq"], name="markets_journalfile_first"),
            models.CheckConstraint(condition=Q(last_seq__gte=F("first_seq")), name="markets_journalfile_range"),
            models.CheckConstraint(
                condition=Q(dropped_at=None) | Q(verified_at__isnull=False), name="markets_journalfile_verified"
            ),
        ]
        indexes = [models.Index(fields=["id"], condition=Q(dropped_at=None), name="markets_journalfile_unfinished")]

    def __str__(self) -> str:
        return f"records {self.first_seq} to {self.last_seq} of market {self.market_id}"
