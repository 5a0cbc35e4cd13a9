"""Take a comment's text away, or show it again."""

from typing import Final

from django.db import transaction

from accounts.services.record_audit import record_audit
from common import clock
from common.bus import publish_on_commit
from common.text import clean_text
from markets.errors import CommentInvalid, CommentNotFound, CommentNotYours
from markets.events import CommentVisibilityChanged
from markets.models import Comment
from markets.types import CommentStatus

REASON_LENGTH_MAX: Final = 500


def delete_comment(*, comment_id: int, author_id: int) -> None:
    """Let the author take back what they wrote; twice changes nothing. Replies stay.

    Raises:    CommentNotFound, CommentNotYours
    Publishes: CommentVisibilityChanged
    """
    with transaction.atomic():
        comment = _locked(comment_id)
        if comment.author_id != author_id:
            raise CommentNotYours("You can delete your own comments only.")
        if comment.status == CommentStatus.SHOWN:
            _change(comment, CommentStatus.DELETED, actor_id=author_id, reason="")


def hide_comment(*, comment_id: int, actor_id: int, reason: str, ip: str = "") -> None:
    """Hide the text for ``reason``, which everybody can read. Audited; twice changes nothing.

    The caller has checked ``markets.moderate_comment``.

    Raises:    CommentNotFound, CommentInvalid
    Publishes: CommentVisibilityChanged
    """
    words = _reason(reason)
    with transaction.atomic():
        comment = _locked(comment_id)
        if comment.status == CommentStatus.SHOWN:
            _change(comment, CommentStatus.HIDDEN, actor_id=actor_id, reason=words)
            _record(comment, "markets.hide_comment", actor_id, words, ip)


def restore_comment(*, comment_id: int, actor_id: int, reason: str, ip: str = "") -> None:
    """Show a hidden comment again; what its author deleted stays deleted. Audited.

    Raises:    CommentNotFound, CommentInvalid
    Publishes: CommentVisibilityChanged
    """
    words = _reason(reason)
    with transaction.atomic():
        comment = _locked(comment_id)
        if comment.status == CommentStatus.HIDDEN:
            _change(comment, CommentStatus.SHOWN, actor_id=None, reason="")
            _record(comment, "markets.restore_comment", actor_id, words, ip)


def _locked(comment_id: int) -> Comment:
    comment = Comment.objects.select_for_update().filter(pk=comment_id).first()
    if comment is None:
        raise CommentNotFound(f"There is no comment {comment_id}.")
    return comment


def _reason(reason: str) -> str:
    try:
        return clean_text(reason, length_min=3, length_max=REASON_LENGTH_MAX)
    except ValueError as problem:
        raise CommentInvalid(f"The reason {problem}.", field="/reason") from problem


def _change(comment: Comment, status: CommentStatus, *, actor_id: int | None, reason: str) -> None:
    comment.status = status.value
    comment.removed_at = None if status is CommentStatus.SHOWN else clock.now()
    comment.removed_by_id = actor_id
    comment.removal_reason = reason
    comment.save(update_fields=["status", "removed_at", "removed_by", "removal_reason"])
    publish_on_commit(CommentVisibilityChanged(comment.pk, comment.market_id))


def _record(comment: Comment, action: str, actor_id: int, reason: str, ip: str) -> None:
    record_audit(
        actor_id=actor_id, action=action, target=comment, reason=reason, after={"status": comment.status}, ip=ip
    )
