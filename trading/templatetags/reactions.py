"""The reactions of a comment, in the order they are shown."""

from dataclasses import dataclass
from typing import Final

from django import template
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from markets.selectors.comments import CommentView
from markets.types import ReactionKind

register = template.Library()

LABELS: Final[dict[ReactionKind, Promise]] = {
    ReactionKind.AGREE: _("Agree"),
    ReactionKind.DISAGREE: _("Disagree"),
    ReactionKind.INSIGHTFUL: _("Insightful"),
    ReactionKind.THANKS: _("Thanks"),
}


@dataclass(frozen=True, slots=True)
class ShownReaction:
    """``is_own``: the reader has said it."""

    kind: str
    label: Promise
    count: int
    is_own: bool


@register.filter
def reactions(comment: CommentView) -> list[ShownReaction]:
    """Every kind, those that nobody chose too."""
    return [
        ShownReaction(kind.value, label, comment.reactions.get(kind.value, 0), kind.value in comment.own_reactions)
        for kind, label in LABELS.items()
    ]
