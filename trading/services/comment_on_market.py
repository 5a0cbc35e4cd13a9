"""Post a comment as a trader: with the position they hold, and not faster than people write."""

from typing import Final

from accounts.services import limits
from accounts.types import Limit
from markets.services.post_comment import post_comment
from trading.selectors.positions import positions

COMMENTS: Final = Limit("comments", 10, 300)


def comment_on_market(*, market_id: int, author_id: int, text: str, parent_id: int | None = None) -> int:
    """Post it with the author's largest position in the market at this moment.

    Returns: the id of the comment
    Raises:  TooManyAttempts, CommentInvalid, CommentRepeated, MarketNotFound
    """
    limits.check([(COMMENTS, f"user:{author_id}")])
    return post_comment(
        market_id=market_id,
        author_id=author_id,
        text=text,
        parent_id=parent_id,
        position=_largest_position(author_id, market_id),
    )


def _largest_position(user_id: int, market_id: int) -> tuple[int, int] | None:
    held = positions(user_id, market_id=market_id, limit=100)
    largest = max(held, key=lambda position: position.quantity, default=None)
    return None if largest is None else (largest.outcome, largest.quantity)
