"""Say what one thinks of a comment with one press, and take it back.

Contract   One of a kind by a person and comment. The count of the comment changes with the row, in one transaction and
           under the comment's lock, so that it is what counting the rows gives.
"""

from django.db import transaction

from common import clock
from markets.errors import CommentInvalid, CommentNotFound, ReactionToOwn
from markets.models import Comment, Reaction
from markets.types import CommentStatus, ReactionKind


def add_reaction(*, comment_id: int, user_id: int, kind: ReactionKind) -> None:
    """Twice changes nothing.

    Raises: CommentNotFound, CommentInvalid, ReactionToOwn
    """
    with transaction.atomic():
        comment = _locked(comment_id)
        if comment.status != CommentStatus.SHOWN:
            raise CommentInvalid("The comment isn't shown any more, so nobody can react to it.")
        if comment.author_id == user_id:
            raise ReactionToOwn("React to somebody else's comment; this one is yours.")
        if not Reaction.objects.filter(comment=comment, user=user_id, kind=kind).exists():
            Reaction.objects.create(comment=comment, user_id=user_id, kind=kind.value, created_at=clock.now())
            _count(comment, kind.value, 1)


def take_back_reaction(*, comment_id: int, user_id: int, kind: ReactionKind) -> None:
    """One that isn't there is no mistake; of a comment that isn't shown it may be taken back, too.

    Raises: CommentNotFound
    """
    with transaction.atomic():
        comment = _locked(comment_id)
        gone, _ = Reaction.objects.filter(comment=comment, user=user_id, kind=kind).delete()
        if gone:
            _count(comment, kind.value, -1)


def forget_reactions(user_id: int) -> None:
    """What deleting an account means to reactions: they go, and are counted no more. In the caller's transaction."""
    rows = Reaction.objects.filter(user=user_id).order_by("comment_id", "kind")
    for comment_id, kind in list(rows.values_list("comment_id", "kind")):
        take_back_reaction(comment_id=comment_id, user_id=user_id, kind=ReactionKind(kind))


def _locked(comment_id: int) -> Comment:
    comment = Comment.objects.select_for_update(no_key=True).filter(pk=comment_id).first()
    if comment is None:
        raise CommentNotFound(f"There is no comment {comment_id}.")
    return comment


def _count(comment: Comment, kind: str, change: int) -> None:
    """Kinds that nobody chose aren't kept."""
    number = comment.reactions.get(kind, 0) + change
    comment.reactions = {name: count for name, count in {**comment.reactions, kind: number}.items() if count > 0}
    comment.save(update_fields=["reactions"])
