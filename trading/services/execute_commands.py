"""The only writer of orders: a batch of commands on one market, in one durable transaction.

Locks      market head, then accounts by id. The takers' balances are read before the engine runs and
           checked when their rows are locked; if they changed meanwhile the batch runs again.
Contract   All commands are decided in order; a refused one changes nothing and doesn't disturb the others.
           An exception means that nothing of the batch was kept (or, if the connection broke during the
           commit, that the caller has to ask again with the same client order ids).
Bound      Five round trips to PostgreSQL and about a dozen statements, however long the batch.
"""

from collections.abc import Sequence

from django.db import transaction

from common.bus import publish_on_commit
from trading.events import JournalAdvanced
from trading.services._batch import Batch
from trading.services._market_cache import CachedMarket, cached_market
from trading.services._measures import count_batch
from trading.services._pipeline import pipeline
from trading.services._retry import retried
from trading.services.answer import Answer
from trading.types import Command


def execute(market_id: int, commands: Sequence[Command], *, is_system: bool = False) -> list[Answer]:
    """Decide ``commands`` in order and keep what they change; one answer each, in their order.

    ``is_system``: cancels work whatever the market's status.

    Raises:    MarketNotFound, MarketNotOpen (a draft), DatabaseError
    Publishes: JournalAdvanced
    """
    if not commands:
        return []
    entry = cached_market(market_id)
    with entry.lock:
        return retried(lambda: _attempt(entry, commands, is_system=is_system))


def _attempt(entry: CachedMarket, commands: Sequence[Command], *, is_system: bool) -> list[Answer]:
    is_kept = False
    try:
        with transaction.atomic(durable=True):
            with pipeline() as pipe:
                batch = Batch(pipe, entry, commands, is_system=is_system)
                answers = batch.run()
                pipe.send_commit()
            if batch.is_changed:
                publish_on_commit(JournalAdvanced(entry.market_id, batch.seq))
        is_kept = True
    finally:
        # Whatever went wrong, the state may be ahead of the tables.
        if not is_kept:
            entry.forget()
    count_batch(commands, answers)
    return answers
