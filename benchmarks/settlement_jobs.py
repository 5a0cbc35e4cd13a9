"""What settlement runs inside Django: `python -m benchmarks.django_run benchmarks.settlement_jobs JOB JSON`."""

import json
import sys
import time
from typing import Any, Final

from django.db import connection, transaction
from django.db.models import Sum

from accounts.models import User
from common import clock
from common.money import PAYOUT_PER_LOT
from markets.models import Market
from markets.types import MarketStatus
from trading.models import Account, Position
from trading.models.account import AccountKind
from trading.models.ledger import TransferKind
from trading.services._posting import global_account_id, market_account_id, post
from trading.services.settle_market import settle_market

#: Shares of each trader; one of two holds yes, the other no, so that they are complete sets.
_LOTS: Final = 10_000
_POSITIONS: Final = """
INSERT INTO trading_position (market_id, user_id, outcome, quantity, held, cost, updated_at)
SELECT %s::bigint, user_id, number %% 2, %s::bigint, 0, 0, now()
FROM unnest(%s::bigint[]) WITH ORDINALITY AS u (user_id, number)
"""


def fill(*, markets: list[int], positions: int) -> dict[str, int]:
    """Traders with one position each in every one of ``markets``, all of them resolved as yes, none settled."""
    with transaction.atomic(), connection.cursor() as cursor:
        users = _people(positions)
        for market_id in markets:
            cursor.execute(_POSITIONS, [market_id, _LOTS, users])
            sets = positions // 2 * _LOTS * PAYOUT_PER_LOT
            moves = {
                market_account_id(market_id, AccountKind.COLLATERAL): sets,
                global_account_id(AccountKind.ISSUANCE): -sets,
            }
            post(moves, kind=TransferKind.MINT, at=clock.now(), market_id=market_id)
            Market.objects.filter(pk=market_id).update(status=MarketStatus.RESOLVED, payouts=[PAYOUT_PER_LOT, 0])
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    return {"positions": len(users)}


def _people(count: int) -> list[int]:
    made = User.objects.bulk_create(
        [User(username=f"holder{number}", email=f"holder{number}@example.org") for number in range(count)],
        batch_size=5_000,
    )
    users = [user.pk for user in made]
    Account.objects.bulk_create([Account(kind=AccountKind.WALLET, user_id=key) for key in users], batch_size=5_000)
    return users


def settle(*, market_id: int) -> float:
    """Seconds of the product's settlement, after which nobody has a position and the winners their credits."""
    winners = Position.objects.filter(market_id=market_id, outcome=0, quantity__gt=0).count()
    before = _in_wallets()
    started_at = time.perf_counter()
    assert settle_market(market_id=market_id) is not None
    elapsed_s = time.perf_counter() - started_at
    assert not Position.objects.filter(market_id=market_id, quantity__gt=0).exists()
    assert _in_wallets() - before == winners * _LOTS * PAYOUT_PER_LOT
    return elapsed_s


def _in_wallets() -> int:
    total: int = Account.objects.filter(kind=AccountKind.WALLET).aggregate(cash=Sum("cash"))["cash"]
    return total


def settle_by_row(*, market_id: int, positions: int) -> float:
    """Seconds for each position when each is read, paid and emptied by itself, durably: a transaction a position."""
    collateral = market_account_id(market_id, AccountKind.COLLATERAL)
    chosen = Position.objects.filter(market_id=market_id, user__isnull=False).order_by("id")[:positions]
    started_at = time.perf_counter()
    for position in chosen:
        with transaction.atomic():
            _settle_one(position, collateral)
    return (time.perf_counter() - started_at) / positions


def _settle_one(position: Position, collateral: int) -> None:
    amount = position.quantity * (PAYOUT_PER_LOT if position.outcome == 0 else 0)
    if amount:
        wallet = Account.objects.get(user_id=position.user_id, kind=AccountKind.WALLET)
        moves = {wallet.pk: amount, collateral: -amount}
        post(moves, kind=TransferKind.SETTLEMENT, at=clock.now(), market_id=position.market_id)
    position.cost -= amount
    position.quantity, position.updated_at = 0, clock.now()
    position.save()


JOBS: dict[str, Any] = {job.__name__: job for job in (fill, settle, settle_by_row)}

if __name__ == "__main__":
    print(json.dumps(JOBS[sys.argv[1]](**json.loads(sys.argv[2]))))
