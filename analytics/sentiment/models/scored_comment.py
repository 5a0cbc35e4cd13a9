"""The tone of comments, kept apart from them because a worker finds it later."""

from django.db import models


class ScoredComment(models.Model):
    """``score`` in 1/10,000. Counts from ``known_at`` until ``until``, when the comment was hidden or deleted."""

    comment = models.OneToOneField("markets.Comment", on_delete=models.PROTECT, primary_key=True, related_name="+")
    market = models.ForeignKey("markets.Market", on_delete=models.PROTECT, related_name="+", db_index=False)
    known_at = models.DateTimeField()
    until = models.DateTimeField(null=True)
    score = models.SmallIntegerField()
    lexicon = models.CharField(max_length=40)

    class Meta:
        indexes = [models.Index(fields=["market", "known_at"], name="sentiment_comment_market")]

    def __str__(self) -> str:
        return f"tone of comment {self.comment_id}"
