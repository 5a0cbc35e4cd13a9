"""Contracts whose price is worse than it could be, so that there is something to learn."""

import math
import random

from analytics.market_ai.engine.features import DAY_S
from analytics.market_ai.types import Contract, Tick

BEGAN = 1_700_000_000.0


def shy_contracts(count: int = 100, *, seed: int = 3, source: str = "shy") -> list[Contract]:
    """Prices lie halfway between what is true and one half: a slope of two would be right."""
    draw = random.Random(seed)
    found = []
    for number in range(count):
        odds = draw.gauss(0.0, 1.6)
        opened = BEGAN + number * DAY_S
        ticks = []
        for step in range(6):
            price = 1.0 / (1.0 + math.exp(-(odds / 2.0 + draw.gauss(0.0, 0.1))))
            ticks.append(Tick(opened + step * DAY_S / 2, price, 10.0 * step, step + 1, step + 1))
        found.append(
            Contract(
                key=f"{source}/{number}",
                source=source,
                category="weather",
                group=f"{source}-{number // 2}",
                question=f"Will it rain on day {number}?",
                opened_at=opened,
                closes_at=opened + 4 * DAY_S,
                ends_at=opened + 4 * DAY_S,
                known_at=opened + 5 * DAY_S,
                outcome=int(draw.random() < 1.0 / (1.0 + math.exp(-odds))),
                ticks=tuple(ticks),
            )
        )
    return found
