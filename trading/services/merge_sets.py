"""Give up complete sets: hand in a share of every outcome, receive 1 credit each."""

from datetime import datetime

from trading.services._command_keys import command_key
from trading.services.answer import Answer
from trading.services.submit import submit
from trading.types import MergeSets


def merge_sets(
    *, user_id: int, market_id: int, quantity: int, key: str = "", valid_until: datetime | None = None
) -> Answer:
    """Sell back ``quantity`` lots of complete sets; the same ``key`` again gets the first answer.

    Raises: MarketNotFound, TradingBusy
    """
    name, digest = command_key(key, "merge", market_id, quantity)
    return submit(MergeSets(user_id, quantity, name, digest, valid_until), market_id=market_id)
