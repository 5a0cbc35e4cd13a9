"""The one way in which simulated traders get credits: a grant that their statement shows."""

from typing import Final

from common.money import CASH_SCALE
from trading.selectors.accounts import account_view
from trading.services.grant import grant

LOW: Final = 5_000 * CASH_SCALE
FULL: Final = 20_000 * CASH_SCALE
MEMO: Final = "Demo credits for a simulated trader"


def top_up(*, user_id: int) -> int:
    """Fill up what a simulated trader has free when it is running low. Returns the grant in cash units."""
    account = account_view(user_id)
    available = account.available if account else 0
    if available >= LOW:
        return 0
    grant(user_id=user_id, amount=FULL - available, memo=MEMO)
    return FULL - available
