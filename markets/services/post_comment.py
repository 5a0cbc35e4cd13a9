"""Say something about a market."""

from datetime import timedelta
from typing import Final

from django.db import transaction
from django.db.models import F

from common import clock
from common.bus import publish_on_commit
from common.text import clean_text
from markets.errors import CommentInvalid, CommentRepeated, MarketNotFound
from markets.events import CommentPosted
from markets.models import Comment, Market
from markets.types import CommentStatus, MarketStatus

TEXT_LENGTH_MAX: Final = 4_000
REPEATED_WITHIN: Final = timedelta(minutes=1)


def post_comment(
    *, market_id: int, author_id: int, text: str, parent_id: int | None = None, position: tuple[int, int] | None = None
) -> int:
    """Post a comment, or a reply to ``parent_id``. ``position``: the author's outcome and lots, if they hold any.

    Returns:   the id of the comment
    Raises:    CommentInvalid, CommentRepeated, MarketNotFound
    Publishes: CommentPosted
    """
    words = _clean(text)
    with transaction.atomic():
        if not Market.objects.filter(pk=market_id).exclude(status=MarketStatus.DRAFT).exists():
            raise MarketNotFound(f"There is no market {market_id} to comment on.")
        parent = _parent(parent_id, market_id)
        now = clock.now()
        _check_new(market_id, author_id, words)
        thread_id = None if parent is None else parent.thread_id or parent.pk
        outcome, quantity = position or (None, 0)
        comment = Comment.objects.create(
            market_id=market_id,
            author_id=author_id,
            thread_id=thread_id,
            parent=parent,
            text=words,
            outcome=outcome,
            quantity=quantity,
            created_at=now,
        )
        if thread_id is not None:
            Comment.objects.filter(pk=thread_id).update(replies=F("replies") + 1)
        publish_on_commit(CommentPosted(comment.pk, market_id))
        return comment.pk


def _clean(text: str) -> str:
    try:
        return clean_text(text, length_min=1, length_max=TEXT_LENGTH_MAX, is_one_line=False)
    except ValueError as problem:
        raise CommentInvalid(f"The comment {problem}.", field="/text") from problem


def _parent(parent_id: int | None, market_id: int) -> Comment | None:
    if parent_id is None:
        return None
    parent = Comment.objects.filter(pk=parent_id, market_id=market_id).first()
    if parent is None or parent.status != CommentStatus.SHOWN:
        raise CommentInvalid(
            "What you reply to isn't there any more. Leave parent_id out for a new thread.", field="/parent_id"
        )
    return parent


def _check_new(market_id: int, author_id: int, words: str) -> None:
    recent = Comment.objects.filter(market_id=market_id, created_at__gt=clock.now() - REPEATED_WITHIN)
    if recent.filter(author_id=author_id, text=words, status=CommentStatus.SHOWN).exists():
        raise CommentRepeated("Your comment is there already. Change the words to say more.", field="/text")
