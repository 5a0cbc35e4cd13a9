"""The small lines of markets as they are drawn, kept for a moment: they cost much, and everybody is shown the same.

Contract   A line may be ``AGE_S`` old, a thousandth of its width; the price beside it is read anew.
"""

from typing import Final

from common.caching.memory_cache import memory_cache
from trading.selectors.sparklines import sparklines
from trading.web.drawing import Line, sparkline

AGE_S: Final = 30.0
#: Four a day: a step is about ten pixels wide.
PARTS: Final = 28


@memory_cache(AGE_S, stale_s=AGE_S, entries_max=500)
def drawn_lines(market_ids: tuple[int, ...]) -> dict[int, Line | None]:
    """A week of each market that traded in it; nobody may change what is answered."""
    return {market_id: sparkline(history) for market_id, history in sparklines(market_ids, parts=PARTS).items()}
