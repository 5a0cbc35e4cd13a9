"""From a wish in floating point to ticks and lots."""

from typing import Final

from common.money import PRICE_SCALE
from demo.types import Wish

#: Simulated traders deal in hundredths of a share.
_STEPS_A_SHARE: Final = 100
_LOTS_A_STEP: Final = 100


def price_ticks(wish: Wish) -> int | None:
    """Within the range; a hundredth of a cent is close enough for a strategy."""
    if wish.price is None:
        return None
    return min(max(round(wish.price * PRICE_SCALE), 1), PRICE_SCALE - 1)


def quantity_lots(wish: Wish) -> int:
    """Rounded down, so that nobody sells more than they have."""
    return int(wish.shares * _STEPS_A_SHARE) * _LOTS_A_STEP
