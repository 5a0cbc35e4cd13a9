"""Reactions to facts, each a nudge that a sweep repeats if it is lost."""

from analytics.sentiment import tasks
from common.bus import subscribe
from markets.events import CommentPosted, CommentVisibilityChanged, MarketOpened


@subscribe(CommentPosted)
def score_the_comment(event: CommentPosted) -> None:
    tasks.score_comments.apply_async(retry=False)


@subscribe(CommentVisibilityChanged)
def count_the_comment_or_not(event: CommentVisibilityChanged) -> None:
    tasks.score_comments.apply_async(retry=False)


@subscribe(MarketOpened)
def link_the_newest_articles(event: MarketOpened) -> None:
    tasks.link_market.apply_async((event.market_id,), retry=False)
