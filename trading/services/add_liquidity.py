"""Provide liquidity: raise the b of a market's maker rule at the present prices."""

from datetime import datetime

from trading.services._command_keys import command_key
from trading.services.answer import Answer
from trading.services.submit import submit
from trading.types import AddLiquidity


def add_liquidity(
    *, user_id: int, market_id: int, quantity: int, key: str = "", valid_until: datetime | None = None
) -> Answer:
    """Add ``quantity`` lots of b; the same ``key`` again gets the first answer.

    Raises: MarketNotFound, TradingBusy
    """
    name, digest = command_key(key, "add liquidity", market_id, quantity)
    return submit(AddLiquidity(user_id, quantity, name, digest, valid_until), market_id=market_id)
