"""Pay out a market that is over: every position, the maker rule's remainder and the fees, at once."""

from typing import Final

from django.db import connection, transaction

from common import clock
from common.bus import publish_on_commit
from markets.selectors.trading_terms import decision
from markets.services import journal
from markets.types import EventKind, MarketStatus
from trading.errors import MarketNotOver
from trading.events import JournalAdvanced, MarketSettled
from trading.models import MarketBook, Order
from trading.models.order import OPEN_FILTERS
from trading.services._payout import pay
from trading.services._retry import retried
from trading.services.cancel_all import cancel_all
from trading.services.traces import trace_of_record

OVER: Final = (MarketStatus.RESOLVED, MarketStatus.VOID)


def settle_market(*, market_id: int) -> int | None:
    """Pay every position of a resolved market by its payouts, or refund a void one; safe to repeat.

    Cancels what is still open first. Then one transaction empties the positions and the market's accounts:
    what the maker rule has left goes back to the issuance account, fees go to the house.

    Returns:   the ``seq`` of the record, ``None`` if the market was settled before or never traded
    Raises:    MarketNotFound, MarketNotOver
    Publishes: MarketSettled, JournalAdvanced
    """
    with transaction.atomic():
        _check_over(market_id)
    cancel_all(market_id)
    return retried(lambda: _settle(market_id))


def _check_over(market_id: int) -> tuple[int, tuple[int, ...]]:
    """Lock the head; the newest ``seq`` and the payouts, empty for a void market."""
    seq = journal.lock_head(None, market_id)
    with connection.cursor() as cursor:
        status, payouts = decision(cursor, market_id)
    if status not in OVER:
        raise MarketNotOver("Resolve or void the market before it is settled.", extra={"status": status.value})
    return seq, payouts if status is MarketStatus.RESOLVED else ()


def _settle(market_id: int) -> int | None:
    with transaction.atomic(durable=True):
        head_seq, payouts = _check_over(market_id)
        book = MarketBook.objects.filter(pk=market_id).first()
        if book is None or book.settled_at is not None:
            return None
        for rest_or_wait in OPEN_FILTERS:
            assert not Order.objects.filter(rest_or_wait, market_id=market_id).exists(), (
                "nothing rests in a market that is over"
            )
        seq, now = head_seq + 1, clock.now()
        data = pay(market_id, payouts, seq=seq, at=now)
        journal.record(market_id, EventKind.SETTLED, at=now, actor_id=None, data=data)
        MarketBook.objects.filter(pk=market_id).update(settled_at=now, seq=seq)
        publish_on_commit(MarketSettled(market_id, seq))
        publish_on_commit(JournalAdvanced(market_id, seq, trace_of_record(seq)))
        return seq
