"""Give a trader credits out of the issuance account."""

from django.db import transaction

from common import clock
from common.money import CASH_MAX
from trading.errors import GrantInvalid
from trading.models import LedgerTransfer
from trading.models.account import AccountKind
from trading.models.ledger import TransferKind
from trading.services._posting import global_account_id, post
from trading.services.open_account import open_account

MEMO_LENGTH_MAX = 200


def grant(*, user_id: int, amount: int, memo: str) -> LedgerTransfer:
    """Add ``amount`` (cash units) to the user's wallet, which is opened if there is none.

    Raises: GrantInvalid
    """
    if not 0 < amount <= CASH_MAX:
        raise GrantInvalid("The amount must be more than 0 credits.", field="/amount")
    if len(memo) > MEMO_LENGTH_MAX:
        raise GrantInvalid(f"The memo is longer than {MEMO_LENGTH_MAX} characters.", field="/memo")
    with transaction.atomic():
        wallet = open_account(user_id)
        moves = {wallet: amount, global_account_id(AccountKind.ISSUANCE): -amount}
        transfer = post(moves, kind=TransferKind.GRANT, at=clock.now(), memo=memo)
    assert transfer is not None
    return transfer
