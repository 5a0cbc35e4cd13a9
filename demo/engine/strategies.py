"""Which function decides for which kind of simulated trader."""

from collections.abc import Callable, Mapping
from random import Random
from typing import Final

from demo.engine import informed, momentum, noise, quoting
from demo.types import Plan, Purse, Scene, Strategy

Decide = Callable[[Scene, Purse, Random], Plan]

DECIDE: Final[Mapping[Strategy, Decide]] = {
    Strategy.INFORMED: informed.decide,
    Strategy.NOISE: noise.decide,
    Strategy.MOMENTUM: momentum.decide,
    Strategy.MAKER: quoting.decide,
}
#: How often a kind of trader acts. A maker replaces a whole ladder each time, so it acts less often.
WEIGHTS: Final[Mapping[Strategy, float]] = {
    Strategy.INFORMED: 4.0,
    Strategy.NOISE: 4.0,
    Strategy.MOMENTUM: 1.5,
    Strategy.MAKER: 1.0,
}
