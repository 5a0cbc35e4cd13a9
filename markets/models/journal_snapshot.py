"""Where the past of a book begins: its sizes at one ``seq``, from which the journal leads on."""

from django.db import models


class JournalSnapshot(models.Model):
    """What the level changes of the journal add up to at ``seq``, the market's ``seq`` at ``at``.

    ``levels`` are [booked outcome, booked side, price in ticks, lots]. Follows from the journal; never changed.
    """

    market = models.ForeignKey(
        "markets.Market", on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    seq = models.BigIntegerField()
    at = models.DateTimeField()
    levels = models.JSONField(default=list)

    class Meta:
        ordering = ["market", "seq"]
        constraints = [models.UniqueConstraint(fields=["market", "seq"], name="markets_journalsnapshot_seq")]
        indexes = [models.Index(fields=["market", "at"], name="markets_journalsnapshot_at")]

    def __str__(self) -> str:
        return f"book of market {self.market_id} at {self.seq}"
