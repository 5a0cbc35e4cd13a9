"""Give a trader credits out of the issuance account."""

from typing import Final

from django.db import DataError, transaction

from common import clock
from common.money import CASH_SCALE, format_cash
from trading.errors import GrantInvalid
from trading.models import LedgerTransfer
from trading.models.account import AccountKind
from trading.models.ledger import TransferKind
from trading.services._posting import global_account_id, post
from trading.services.open_account import open_account

MEMO_LENGTH_MAX: Final = 200
#: Far from what an account can hold, so that one slip of the finger can be taken back.
GRANT_MAX: Final = 10_000_000 * CASH_SCALE


def grant(*, user_id: int, amount: int, memo: str) -> LedgerTransfer:
    """Add ``amount`` (cash units) to the user's wallet, which is opened if there is none.

    Raises: GrantInvalid
    """
    if not 0 < amount <= GRANT_MAX:
        detail = f"The amount must be more than 0 and at most {format_cash(GRANT_MAX)} credits."
        raise GrantInvalid(detail, field="/amount")
    if len(memo) > MEMO_LENGTH_MAX:
        raise GrantInvalid(f"The memo is longer than {MEMO_LENGTH_MAX} characters.", field="/memo")
    try:
        with transaction.atomic():
            wallet = open_account(user_id)
            moves = {wallet: amount, global_account_id(AccountKind.ISSUANCE): -amount}
            transfer = post(moves, kind=TransferKind.GRANT, at=clock.now(), memo=memo)
    except DataError as error:
        # The sum of all grants leaves the range of bigint.
        raise GrantInvalid("The accounts can't hold so much; grant less.", field="/amount") from error
    assert transfer is not None
    return transfer
