"""Words of the track record of traders and of the site.

Units      Probabilities, payouts and scores 1/1,000,000; amounts cash units. A score is a mean loss: lower is better.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

WHOLE: Final = 1_000_000
BINS: Final = 10
#: Probabilities are held between these for the logarithm, so that one mistake doesn't outweigh everything.
LOG_LOW: Final = 1_000
LOG_HIGH: Final = 999_000
#: The season of all time.
ALL_TIME: Final = "all"
#: The topic of all topics.
ALL_TOPICS: Final = 0


class Board(StrEnum):
    """What traders are ranked by."""

    PROFIT = "profit"
    BRIER = "brier"
    LOG = "log"


@dataclass(frozen=True, slots=True)
class Bin:
    """Forecasts between ``low`` and ``high`` (parts of 1): how many, their mean, how many of them happened, and
    between which shares the truth lies nineteen times in twenty."""

    low: float
    high: float
    count: int
    forecast: float | None = None
    happened: float | None = None
    interval: tuple[float, float] | None = None
