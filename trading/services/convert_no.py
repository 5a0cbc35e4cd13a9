"""Turn NO on several outcomes into cash and shares of the others."""

from collections.abc import Sequence
from datetime import datetime

from trading.services._command_keys import command_key
from trading.services.answer import Answer
from trading.services.submit import submit
from trading.types import ConvertNo


def convert_no(
    *,
    user_id: int,
    market_id: int,
    outcomes: Sequence[int],
    quantity: int,
    key: str = "",
    valid_until: datetime | None = None,
) -> Answer:
    """Convert ``quantity`` lots of NO on each of ``outcomes``; the same ``key`` again gets the first answer.

    Raises: MarketNotFound, TradingBusy
    """
    chosen = tuple(outcomes)
    name, digest = command_key(key, "convert", market_id, chosen, quantity)
    return submit(ConvertNo(user_id, chosen, quantity, name, digest, valid_until), market_id=market_id)
