"""Make complete sets: pay 1 credit each, receive a share of every outcome."""

from datetime import datetime

from trading.services._command_keys import command_key
from trading.services.answer import Answer
from trading.services.submit import submit
from trading.types import MintSets


def mint_sets(
    *, user_id: int, market_id: int, quantity: int, key: str = "", valid_until: datetime | None = None
) -> Answer:
    """Buy ``quantity`` lots of complete sets; the same ``key`` again gets the first answer.

    Raises: MarketNotFound, TradingBusy
    """
    name, digest = command_key(key, "mint", market_id, quantity)
    return submit(MintSets(user_id, quantity, name, digest, valid_until), market_id=market_id)
