"""Comments on a market, in threads of one level: a root, and replies in the order they came."""

from django.conf import settings
from django.db import models
from django.db.models import Q, Value
from django.utils.translation import gettext

from markets.types import CommentStatus


class Comment(models.Model):
    """``outcome`` and ``quantity`` (lots) are the author's largest position in the market when they wrote.

    ``thread`` is the root of the thread, empty for roots; ``parent`` what it replies to. ``replies`` is counted on
    roots, ``reactions`` by ``react``. Rows are never deleted; the text of those that aren't shown is kept for
    moderators.
    """

    market = models.ForeignKey("markets.Market", on_delete=models.PROTECT, related_name="comments", db_index=False)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    thread = models.ForeignKey("self", on_delete=models.PROTECT, related_name="+", null=True, db_index=False)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, related_name="+", null=True, db_index=False)
    text = models.TextField()
    outcome = models.PositiveSmallIntegerField(null=True)
    quantity = models.BigIntegerField(default=0)
    replies = models.PositiveIntegerField(default=0)
    #: How many of each kind, of those kinds that there are.
    reactions = models.JSONField(default=dict, db_default=Value({}, models.JSONField()))
    status = models.CharField(
        max_length=8, choices=[(s.value, s.value) for s in CommentStatus], default=CommentStatus.SHOWN
    )
    created_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)
    removed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True)
    removal_reason = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["-id"]
        permissions = [("moderate_comment", "Can hide comments and show them again")]
        indexes = [
            models.Index(fields=["market", "-id"], condition=Q(thread=None), name="markets_comment_roots"),
            models.Index(fields=["thread", "id"], condition=~Q(thread=None), name="markets_comment_replies"),
            models.Index(fields=["market", "created_at"], name="markets_comment_days"),
        ]

    def __str__(self) -> str:
        return gettext("comment %(number)s") % {"number": self.pk}
