"""The only writer of orders: a batch of commands on one market, in one durable transaction.

Locks      market head, then accounts by id. The takers' balances are read before the engine runs and
           checked when their rows are locked; if they changed meanwhile the batch runs again.
Haste      A short batch, which has most often one order, reads every balance that it may touch with the market's
           lock and locks them only as it writes them, on condition that they are as it read them: two round
           trips instead of three. Who loses that race goes the long way.
State      What this process doesn't know of the market is read before the lock is taken. Who waits for the lock in
           vain keeps what they know.
Contract   All commands are decided in order; a refused one changes nothing and doesn't disturb the others.
           An exception means that nothing of the batch was kept (or, if the connection broke during the
           commit, that the caller has to ask again with the same client order ids).
Bound      Three round trips to PostgreSQL, four where another process uses the market too, one more when that is
           new, and about a dozen statements, however long the batch.
"""

from collections.abc import Sequence

from django.db import IntegrityError

from common.bus import publish_on_commit
from trading.events import GroupTripped, JournalAdvanced
from trading.services._batch import HASTY_COMMANDS_MAX, Batch, More, OrdersEnded
from trading.services._contested import note_contested
from trading.services._load_apart import load_apart
from trading.services._market_cache import CachedMarket, cached_market
from trading.services._market_state import StateBehind
from trading.services._measures import count_batch
from trading.services._pipeline import durable_pipeline
from trading.services._retry import retried
from trading.services._writes import is_refused_for_balances
from trading.services.answer import Answer
from trading.types import Command

__all__ = ["More", "execute"]


class BalanceMoved(Exception):
    """A balance changed between reading and writing it; nothing was kept."""


def execute(
    market_id: int, commands: Sequence[Command], *, is_system: bool = False, more: More | None = None
) -> list[Answer]:
    """Decide ``commands`` in order and keep what they change; one answer each, in their order.

    ``is_system``: cancels work whatever the market's status. ``more`` is asked for further commands, which come after
    ``commands``, when another process kept the market's lock for a while; it may be asked several times.

    Raises:    MarketNotFound, MarketNotOpen (a draft), DatabaseError
    Publishes: JournalAdvanced, GroupTripped
    """
    if not commands:
        return []
    entry, asked = cached_market(market_id), list(commands)
    with entry.lock:
        while True:
            try:
                return _execute(entry, asked, is_system=is_system, more=more)
            except OrdersEnded as ended:
                # They trade with nobody any more, so they go first, in a transaction of their own.
                _execute(entry, ended.cancels, is_system=True)


def _execute(
    entry: CachedMarket, commands: list[Command], *, is_system: bool, more: More | None = None
) -> list[Answer]:
    while True:
        try:
            return _by_haste_or_not(entry, commands, is_system=is_system, more=more)
        except StateBehind:
            # A state that was read just now is never too far behind.
            entry.forget()


def _by_haste_or_not(
    entry: CachedMarket, commands: list[Command], *, is_system: bool, more: More | None
) -> list[Answer]:
    if len(commands) <= HASTY_COMMANDS_MAX:
        try:
            return retried(lambda: _attempt(entry, commands, is_system=is_system, is_hasty=True, more=more))
        except BalanceMoved:
            pass
    return retried(lambda: _attempt(entry, commands, is_system=is_system, is_hasty=False, more=more))


def _attempt(
    entry: CachedMarket, commands: list[Command], *, is_system: bool, is_hasty: bool, more: More | None
) -> list[Answer]:
    entry.is_fresh = False
    if entry.state is None:
        load_apart(entry)
    batch, is_kept = None, False
    try:
        with durable_pipeline() as pipe:
            batch = Batch(pipe, entry, commands, is_system=is_system, is_hasty=is_hasty, more=more)
            answers = batch.run()
        is_kept = True
    except IntegrityError as error:
        if batch is not None and is_hasty and is_refused_for_balances(error):
            note_contested(batch.parties)
            raise BalanceMoved from error
        raise
    finally:
        # Whatever went wrong after something was decided, the state may be ahead of the tables.
        if not (is_kept or batch is None or batch.is_state_sure):
            entry.forget()
    if batch.is_changed:
        publish_on_commit(JournalAdvanced(entry.market_id, batch.seq, batch.traces))
    for group_id in batch.tripped:
        publish_on_commit(GroupTripped(group_id))
    count_batch(commands, answers)
    return answers
