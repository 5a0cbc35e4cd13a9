"""Turn what happened in markets and comments into notifications.

Contract   A cursor for each journal, and one for comments, moved in the transaction that tells: what is told is told
           once, and what happened while nobody looked is told later. What happened before the first look is not.
Bound      ``MARKETS_MAX`` markets a look, those that have waited longest first.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Final

from django.db import transaction

from accounts.selectors.handles import user_ids
from alerting.engine.notices_of_traders import (
    end_words,
    fill_words,
    mentioned,
    move_words,
    moved_outcome,
    vote_words,
)
from alerting.engine.words import Words
from alerting.models import NoticeCursor, NoticeKind, SubjectKind, Watch
from alerting.selectors.subscriptions import subscribers
from alerting.services._telling import tell
from analytics.skill.selectors.followers import followers_of
from common import clock
from markets.selectors.committee import committee
from markets.selectors.mentions import SpokenComment, comments_after, newest_comment
from trading.selectors.tellable import (
    MarketNow,
    filled_orders,
    journal_heads,
    market_now,
    people_who_held,
    turns,
)

MARKETS_MAX: Final = 500
#: Nobody is told of the same market's price more often.
PAUSE: Final = timedelta(hours=1)
_COMMENTS: Final = "comments"
_BEGUN: Final = "begun"


def tell_traders() -> int:
    """How many markets and comments were new."""
    heads = journal_heads()
    if not NoticeCursor.objects.filter(stream=_BEGUN).exists():
        _begin(heads)
        return 0
    known = dict(NoticeCursor.objects.filter(stream__startswith="market:").values_list("stream", "position"))
    grown = [market_id for market_id, seq in heads.items() if known.get(_stream(market_id), 0) < seq]
    for market_id in grown[:MARKETS_MAX]:
        _tell_of_market(market_id, heads[market_id])
    return len(grown) + _tell_of_comments()


def _begin(heads: Mapping[int, int]) -> None:
    rows = [NoticeCursor(stream=_stream(market_id), position=seq) for market_id, seq in heads.items()]
    rows += [NoticeCursor(stream=_COMMENTS, position=newest_comment()), NoticeCursor(stream=_BEGUN, position=1)]
    NoticeCursor.objects.bulk_create(rows, ignore_conflicts=True)


def _tell_of_market(market_id: int, upto: int) -> None:
    with transaction.atomic():
        NoticeCursor.objects.get_or_create(stream=_stream(market_id), defaults={"position": 0})
        rows = NoticeCursor.objects.select_for_update(skip_locked=True)
        cursor = rows.filter(stream=_stream(market_id)).first()
        if cursor is None or cursor.position >= upto:
            return
        found = market_now(market_id)
        if found is not None:
            _tell_of_fills(market_id, found, cursor.position, upto)
            happened = turns(market_id, after=cursor.position, upto=upto)
            if "opened" in happened:
                _tell_of_start(market_id, found)
            if "closed" in happened:
                _tell_of_vote(market_id, found)
            if "settled" in happened:
                _tell_of_end(market_id, found)
            _tell_of_moves(market_id, found)
        NoticeCursor.objects.filter(pk=cursor.pk).update(position=upto)


def _tell_of_fills(market_id: int, market: MarketNow, after: int, upto: int) -> None:
    for order in filled_orders(market_id, after=after, upto=upto):
        words = fill_words(order.side, order.outcome_name, order.filled, order.quantity, is_over=order.is_over)
        key = f"fill:{order.order_id}"
        tell([order.user_id], kind=NoticeKind.FILL, key=key, title=market.question, text=words, path=_path(market))


def _tell_of_start(market_id: int, market: MarketNow) -> None:
    """Nobody is told of what can't be traded any more, such as an imported market, or of their own."""
    if market.status != "open":
        return
    readers = set(subscribers(SubjectKind.TOPIC, [market.topic_id]))
    if market.series_id is not None:
        readers.update(subscribers(SubjectKind.SERIES, [market.series_id]))
    people = sorted(readers - {market.creator_id})
    words = Words("market.opened")
    key = f"new_market:{market_id}"
    tell(people, kind=NoticeKind.NEW_MARKET, key=key, title=market.question, text=words, path=_path(market))


def _tell_of_vote(market_id: int, market: MarketNow) -> None:
    """Those are told who can still vote and haven't."""
    seated = committee(market_id) if market.status == "closed" else None
    if seated is None or seated.is_staff_turn or seated.vote_ends_at is None or seated.vote_ends_at <= clock.now():
        return
    people = [seat.member_id for seat in seated.seats if seat.voted_at is None]
    words, key = vote_words(seated.vote_ends_at), f"vote:{market_id}"
    path = f"{_path(market)}#committee"
    tell(people, kind=NoticeKind.VOTE, key=key, title=market.question, text=words, path=path)


def _tell_of_end(market_id: int, market: MarketNow) -> None:
    winners = [name for name, paid in zip(market.outcomes, market.payouts, strict=False) if paid]
    words = end_words(winners, is_void=market.status == "void")
    people = people_who_held(market_id)
    key = f"resolution:{market_id}"
    tell(people, kind=NoticeKind.RESOLUTION, key=key, title=market.question, text=words, path=_path(market))


def _tell_of_moves(market_id: int, market: MarketNow) -> None:
    now = clock.now()
    for watch in Watch.objects.filter(market=market_id, user__is_active=True):
        index = moved_outcome(watch.prices, market.prices)
        if index is None or (watch.told_at is not None and now - watch.told_at < PAUSE):
            continue
        words = move_words(market.outcomes[index], watch.prices[str(index)], market.prices[index])
        # A minute of its own, so that tomorrow's move is another line.
        key = f"move:{market_id}:{now:%Y%m%d%H%M}"
        tell(
            [watch.user_id], kind=NoticeKind.PRICE_MOVE, key=key, title=market.question, text=words, path=_path(market)
        )
        prices = {str(number): price for number, price in enumerate(market.prices)}
        Watch.objects.filter(pk=watch.pk).update(prices=prices, told_at=now)


def _tell_of_comments() -> int:
    with transaction.atomic():
        cursor = NoticeCursor.objects.select_for_update(skip_locked=True).filter(stream=_COMMENTS).first()
        found = comments_after(cursor.position) if cursor is not None else []
        for comment in found:
            _tell_of_comment(comment)
        if cursor is not None and found:
            NoticeCursor.objects.filter(pk=cursor.pk).update(position=found[-1].id)
    return len(found)


def _tell_of_comment(comment: SpokenComment) -> None:
    people = set(user_ids(mentioned(comment.text)).values())
    if comment.answers_id is not None:
        people.add(comment.answers_id)
    people.discard(comment.author_id)
    named = {"author": comment.author, "question": comment.question}
    title = Words("comment.to_you", named)
    path = f"/markets/{comment.market_slug}#comment-{comment.id}"
    key = f"comment:{comment.id}"
    tell(sorted(people), kind=NoticeKind.MENTION, key=key, title=title, text=comment.text[:300], path=path)
    # Whoever was spoken to is told once.
    readers = [user_id for user_id in followers_of(comment.author_id) if user_id not in people]
    title, key = Words("comment.followed", named), f"follow:{comment.id}"
    tell(readers, kind=NoticeKind.FOLLOW, key=key, title=title, text=comment.text[:300], path=path)


def _path(market: MarketNow) -> str:
    return f"/markets/{market.slug}"


def _stream(market_id: int) -> str:
    return f"market:{market_id}"
