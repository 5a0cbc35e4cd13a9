"""Take back liquidity that one has provided, with that part of what the maker rule owns."""

from datetime import datetime

from trading.services._command_keys import command_key
from trading.services.answer import Answer
from trading.services.submit import submit
from trading.types import WithdrawLiquidity


def withdraw_liquidity(
    *, user_id: int, market_id: int, quantity: int, key: str = "", valid_until: datetime | None = None
) -> Answer:
    """Withdraw ``quantity`` lots of b; the same ``key`` again gets the first answer.

    Raises: MarketNotFound, TradingBusy
    """
    name, digest = command_key(key, "withdraw liquidity", market_id, quantity)
    return submit(WithdrawLiquidity(user_id, quantity, name, digest, valid_until), market_id=market_id)
