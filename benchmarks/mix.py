"""The mix of orders, the same through every door: of ten, six rest, three trade, one cancels.

Resting orders bid for either outcome below its price; trading ones are immediate-or-cancel bids above it. Both take
sides evenly, so the price stays near a half. The market has a maker rule, as the product's own markets do.
"""

import random
from typing import Any, Final
from uuid import uuid4

LIQUIDITY_LOTS: Final = 10_000_000
TRADERS: Final = 64
CANCELS: Final = 0.1
RESTS: Final = 0.6


def terms(chance: random.Random) -> tuple[int, int, int, str]:
    """Outcome, price in ticks, quantity in lots and time in force of one order."""
    outcome, quantity = chance.randint(0, 1), chance.randint(1, 50) * 1_000
    # Cancels are drawn by the caller, hence the share among the rest.
    if chance.random() < RESTS / (1 - CANCELS):
        return outcome, chance.randint(3_000, 4_600), quantity, "gtc"
    return outcome, chance.randint(5_200, 5_800), quantity, "ioc"


def order_document(chance: random.Random, market_id: int) -> dict[str, Any]:
    """The body of a request; its cancels are left out, as they are requests of another kind."""
    outcome, price, quantity, time_in_force = terms(chance)
    return {
        "market_id": market_id,
        "outcome": ("yes", "no")[outcome],
        "side": "buy",
        "type": "limit",
        "price": f"0.{price:04d}",
        "quantity": f"{quantity / 10_000:.4f}",
        "time_in_force": time_in_force,
        "client_order_id": uuid4().hex,
    }
