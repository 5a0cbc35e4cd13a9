"""Take back what a settlement has paid, as if it had never been.

Contract   All or nothing: every account gives back exactly what it got, in entries of its own (none is ever deleted),
           and every position and part of liquidity is what it was. Nobody falls below what they hold: if somebody has
           spent what they got, nothing happens. The market is closed again, and staff propose the next result.
Bound      Three statements for the positions, one for each transfer; the same whatever the number of traders.
"""

from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.db import connection
from django.db.models import F, Sum

from common import clock
from common.bus import publish_on_commit
from common.clock import rfc3339
from common.money import format_cash
from markets.selectors.newest_record import newest_seq
from markets.services.journal import next_seq
from markets.services.reopen_market import reopen_market
from markets.types import EventKind
from trading import locks
from trading.errors import SettlementNotKept, SettlementSpent, UndoNotSettled, UndoWindowOver
from trading.events import JournalAdvanced, SettlementUndone
from trading.models import Account, LedgerEntry, LedgerTransfer, MarketBook, Position, Provision
from trading.models.account import AccountKind
from trading.models.ledger import TransferKind
from trading.services._posting import post
from trading.services.traces import trace_of_record

_RESTORED: Final = {
    "quantity": F("settled_quantity"),
    "cost": F("settled_cost"),
    "settled_quantity": None,
    "settled_cost": None,
}


def undo_settlement(*, market_id: int, actor_id: int, approved_by: int, reason: str) -> int:
    """Undo the market's settlement within SETTLEMENT_UNDO_WINDOW_S of it; inside the transaction of its approval.

    Returns:   the ``seq`` of the record
    Raises:    MarketNotFound, WrongStatus, UndoNotSettled, UndoWindowOver, SettlementNotKept, SettlementSpent
    Publishes: MarketReopened, SettlementUndone, JournalAdvanced
    """
    assert approved_by != actor_id, "two people undo a settlement"
    assert connection.in_atomic_block
    seq, now = next_seq(market_id), clock.now()
    _check_window(market_id, now)
    settled_seq = newest_seq(market_id, EventKind.SETTLED)
    assert settled_seq is not None, "a settled market has its record"
    taken = _take_back(market_id, settled_seq, seq=seq, at=now)
    _restore(market_id, now)
    MarketBook.objects.filter(pk=market_id).update(settled_at=None, seq=seq)
    data = {"undoes": settled_seq, "taken": taken, "reason": reason, "approved_by": approved_by}
    reopen_market(market_id=market_id, actor_id=actor_id, seq=seq, at=now, data=data)
    publish_on_commit(SettlementUndone(market_id, seq))
    publish_on_commit(JournalAdvanced(market_id, seq, trace_of_record(seq)))
    return seq


def check_undo(market_id: int) -> None:
    """Whether an undoing that is approved now could be carried out; to say so before somebody asks for it.

    Raises: UndoNotSettled, UndoWindowOver, SettlementNotKept
    """
    _check_window(market_id, clock.now())


def _check_window(market_id: int, now: datetime) -> None:
    book = MarketBook.objects.filter(pk=market_id).first()
    if book is None or book.settled_at is None:
        raise UndoNotSettled("Nothing of this market has been paid.")
    ends_at = book.settled_at + timedelta(seconds=settings.SETTLEMENT_UNDO_WINDOW_S)
    if now >= ends_at:
        raise UndoWindowOver(f"It could be undone until {rfc3339(ends_at)}.", extra={"ended_at": rfc3339(ends_at)})
    if Position.objects.filter(market_id=market_id, settled_quantity=None).exists():
        raise SettlementNotKept("It was settled by a version of this site that couldn't undo it.")


def _take_back(market_id: int, settled_seq: int, *, seq: int, at: datetime) -> list[list[int]]:
    """Reverse the settlement's transfers, the last one first. What each trader gave back, by user id."""
    transfers = list(LedgerTransfer.objects.filter(market_id=market_id, seq=settled_seq).order_by("-pk"))
    taken = _check_spent(transfers)
    for transfer in transfers:
        moves = dict(LedgerEntry.objects.filter(transfer=transfer).values_list("account_id", "amount"))
        post(
            {account_id: -amount for account_id, amount in moves.items()},
            kind=TransferKind(transfer.kind),
            market_id=market_id,
            seq=seq,
            at=at,
            memo=f"Undoes the settlement, record {settled_seq}",
        )
    return taken


def _check_spent(transfers: list[LedgerTransfer]) -> list[list[int]]:
    """Lock every account that was paid; all must still have what they got, beyond what their orders hold."""
    rows = LedgerEntry.objects.filter(transfer__in=transfers).values_list("account_id")
    received = dict(rows.annotate(amount=Sum("amount")).order_by())
    with connection.cursor() as cursor:
        cursor.execute(locks.LOCK_BY_ID, [list(received)])
    accounts = Account.objects.filter(pk__in=list(received)).exclude(kind=AccountKind.ISSUANCE)
    taken: list[list[int]] = []
    missing: list[int] = []
    for account_id, user_id, cash, held in accounts.values_list("pk", "user_id", "cash", "held"):
        amount = int(received[account_id])
        if amount > 0 and amount > cash - held:
            missing.append(amount - (cash - held))
        if user_id is not None and amount:
            taken.append([user_id, amount])
    if missing:
        raise SettlementSpent(
            f"{len(missing)} of those who were paid have spent it: {format_cash(sum(missing))} credits are missing.",
            extra={"accounts": len(missing), "missing": format_cash(sum(missing))},
        )
    return sorted(taken)


def _restore(market_id: int, at: datetime) -> None:
    Position.objects.filter(market_id=market_id).update(**_RESTORED, updated_at=at)
    if Provision.objects.filter(market_id=market_id).update(**_RESTORED, updated_at=at):
        lots = Provision.objects.filter(market_id=market_id).aggregate(lots=Sum("quantity"))["lots"]
        MarketBook.objects.filter(pk=market_id).update(added_liquidity=int(lots or 0))
