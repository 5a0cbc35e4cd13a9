"""Make complete sets: pay 1 credit each, receive a share of every outcome."""

from trading.services.answer import Answer
from trading.services.submit import submit
from trading.types import MintSets


def mint_sets(*, user_id: int, market_id: int, quantity: int) -> Answer:
    """Buy ``quantity`` lots of complete sets.

    Raises: MarketNotFound, TradingBusy
    """
    return submit(MintSets(user_id, quantity), market_id=market_id)
