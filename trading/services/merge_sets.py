"""Give up complete sets: hand in a share of every outcome, receive 1 credit each."""

from trading.services.answer import Answer
from trading.services.submit import submit
from trading.types import MergeSets


def merge_sets(*, user_id: int, market_id: int, quantity: int) -> Answer:
    """Sell back ``quantity`` lots of complete sets.

    Raises: MarketNotFound, TradingBusy
    """
    return submit(MergeSets(user_id, quantity), market_id=market_id)
