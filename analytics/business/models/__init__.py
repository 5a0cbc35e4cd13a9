from analytics.business.models.position import DirtyDay, Position, Restatement
from analytics.business.models.rollups import (
    HourOfDay,
    LedgerDay,
    MarketDay,
    MarketFacts,
    PairDay,
    ScoredOutcome,
    Trader,
    TraderDay,
)
from analytics.business.models.site_day import BookDay, Reconciliation, SiteDay

__all__ = [
    "BookDay",
    "DirtyDay",
    "HourOfDay",
    "LedgerDay",
    "MarketDay",
    "MarketFacts",
    "PairDay",
    "Position",
    "Reconciliation",
    "Restatement",
    "ScoredOutcome",
    "SiteDay",
    "Trader",
    "TraderDay",
]
