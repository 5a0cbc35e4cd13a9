"""The markets that this process knows by heart.

Contract   Whoever uses an entry holds its ``lock`` from before the database transaction until after it.
           The state is that of ``state.seq``; whoever fails after changing it calls ``forget``.
Bound      At most MARKETS_MAX states; the one used longest ago goes first.
"""

from collections import OrderedDict
from dataclasses import dataclass, field
from threading import Lock
from typing import Final

from common.caching.metrics import ENTRIES
from common.metrics.registry import registry
from markets.selectors.trading_terms import TradingRules
from trading.engine.state import MarketState

MARKETS_MAX: Final = 256


@dataclass(slots=True)
class CachedMarket:
    """``traders`` are the users who ever had a position; ``prices`` the probabilities at ``state.seq``.

    ``is_shared``: another process kept us waiting for the market's lock the last time. ``is_followed``: the state
    lacked records of others the last time, so that they are asked for before it is known whether there are any.
    ``is_fresh``: nobody has used the state since the tables were read.
    """

    market_id: int
    lock: Lock = field(default_factory=Lock)
    state: MarketState | None = None
    rules: TradingRules | None = None
    traders: set[int] = field(default_factory=set)
    prices: tuple[int, ...] = ()
    is_shared: bool = False
    is_followed: bool = True
    is_fresh: bool = False

    def forget(self) -> None:
        self.state = None

    def lacks_records(self, seq: int) -> bool:
        """Whether somebody else has brought the market to ``seq``."""
        return self.state is not None and self.state.seq != seq


_entries: OrderedDict[int, CachedMarket] = OrderedDict()
_entries_lock: Final = Lock()


def cached_market(market_id: int) -> CachedMarket:
    """The one entry of a market in this process."""
    with _entries_lock:
        entry = _entries.get(market_id)
        if entry is None:
            entry = _entries[market_id] = CachedMarket(market_id)
            _drop_oldest()
        _entries.move_to_end(market_id)
        return entry


@registry.before_sample
def _measure() -> None:
    ENTRIES.of("matching").set(len(_entries))


def forget_all() -> None:
    """Start afresh; for tests, which put tables back behind our back."""
    with _entries_lock:
        for entry in _entries.values():
            entry.forget()


def _drop_oldest() -> None:
    for market_id in list(_entries)[: max(len(_entries) - MARKETS_MAX, 0)]:
        # An entry in use stays, or two threads could run the same market with two locks.
        if not _entries[market_id].lock.locked():
            del _entries[market_id]
