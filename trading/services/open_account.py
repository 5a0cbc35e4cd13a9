"""Give a trader a wallet with the starting credits."""

from django.conf import settings
from django.db import transaction

from common import clock
from common.money import CASH_SCALE
from trading.models import Account
from trading.models.account import AccountKind
from trading.models.ledger import TransferKind
from trading.services._posting import global_account_id, post


def open_account(user_id: int) -> int:
    """Open the user's wallet with ``STARTING_CREDITS`` from the issuance account, once.

    Returns: the id of the wallet; a second call changes nothing.
    """
    with transaction.atomic():
        wallet, is_new = Account.objects.get_or_create(user_id=user_id, kind=AccountKind.WALLET)
        if is_new:
            amount = settings.STARTING_CREDITS * CASH_SCALE
            issuance = global_account_id(AccountKind.ISSUANCE)
            post(
                {wallet.pk: amount, issuance: -amount},
                kind=TransferKind.GRANT,
                at=clock.now(),
                memo="Starting credits",
            )
    return wallet.pk
