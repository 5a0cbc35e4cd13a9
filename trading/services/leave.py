"""What deleting an account means to trading: nothing may be left open, and the credits go back where they came from."""

from typing import Final

from django.db import connection

from accounts.errors import DeletionRefused
from common import clock
from trading import locks
from trading.models import Account
from trading.models.account import AccountKind
from trading.models.ledger import TransferKind
from trading.services._posting import global_account_id, post

_OPEN: Final = """
SELECT (SELECT count(*) FROM trading_order WHERE user_id = %(user_id)s AND status IN ('open', 'waiting', 'triggered')),
    (SELECT count(*) FROM trading_position WHERE user_id = %(user_id)s AND quantity > 0),
    (SELECT count(*) FROM trading_provision WHERE user_id = %(user_id)s AND quantity > 0),
    (SELECT count(*) FROM markets_market WHERE creator_id = %(user_id)s AND status NOT IN ('resolved', 'void'))
"""


def trading_reasons(user_id: int) -> list[str]:
    """What has to end before the account can go."""
    with connection.cursor() as cursor:
        cursor.execute(_OPEN, {"user_id": user_id})
        orders, positions, provisions, markets = cursor.fetchone()
    found = []
    if orders:
        found.append(f"You have {_count(orders, 'open order')}: cancel them.")
    if positions:
        found.append(f"You hold {_count(positions, 'position')}: sell them, or wait until their markets are resolved.")
    if provisions:
        found.append(f"You provide liquidity in {_count(provisions, 'market')}: withdraw it.")
    if markets:
        found.append(f"You made {_count(markets, 'market')} that {_is(markets)} not over: resolve them or ask staff.")
    return found


def return_credits(user_id: int) -> None:
    """Give what is left back to issuance. Under the wallet's lock nothing can be opened any more.

    Raises: DeletionRefused
    """
    wallet = Account.objects.filter(user_id=user_id).first()
    if wallet is None:
        return
    issuance = global_account_id(AccountKind.ISSUANCE)
    with connection.cursor() as cursor:
        cursor.execute(locks.LOCK_BY_ID, [[wallet.pk, issuance]])
    if reasons := trading_reasons(user_id):
        raise DeletionRefused(" ".join(reasons))
    wallet.refresh_from_db()
    moves = {wallet.pk: -wallet.cash, issuance: wallet.cash}
    post(moves, kind=TransferKind.GRANT, at=clock.now(), memo="Returned with the account")


def _count(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"


def _is(number: int) -> str:
    return "is" if number == 1 else "are"
