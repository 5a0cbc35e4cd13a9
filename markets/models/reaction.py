"""What readers say of comments with one press."""

from django.conf import settings
from django.db import models

from markets.models.comment import Comment
from markets.types import ReactionKind


class Reaction(models.Model):
    """One of a kind by one reader of one comment; ``Comment.reactions`` counts them."""

    comment = models.ForeignKey(Comment, on_delete=models.CASCADE, related_name="+", db_index=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=[(kind.value, kind.value) for kind in ReactionKind])
    created_at = models.DateTimeField()

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["comment", "user", "kind"], name="markets_reaction_once"),
            models.CheckConstraint(
                condition=models.Q(kind__in=[kind.value for kind in ReactionKind]), name="markets_reaction_kind"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} by {self.user_id}"
