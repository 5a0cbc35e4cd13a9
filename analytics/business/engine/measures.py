"""What the rollups hold: the smallest sums, of which every metric is made.

Contract   Every measure is additive over days and over the dimensions of its source, except those of ``DISTINCT``,
           which count different people and are counted again for each span. Amounts in cash units, quantities in lots,
           prices in 1/1,000,000, times in seconds.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final, NamedTuple

from analytics.business.types import Dimension

_MARKETS: Final = (Dimension.TOPIC, Dimension.MARKET, Dimension.KIND)


class Source(StrEnum):
    """The rollups, by the rows that they count."""

    MARKET_DAY = "market days"
    TRADER_DAY = "trader days"
    TRADER = "traders"
    LEDGER_DAY = "ledger days"
    SETTLED = "settled markets"
    BOOK_DAY = "book samples"
    SITE_DAY = "site days"


DIMENSIONS: Final[Mapping[Source, tuple[Dimension, ...]]] = {
    Source.MARKET_DAY: _MARKETS,
    Source.TRADER_DAY: (*_MARKETS, Dimension.SEGMENT),
    Source.TRADER: (Dimension.SEGMENT,),
    Source.LEDGER_DAY: _MARKETS,
    Source.SETTLED: _MARKETS,
    Source.BOOK_DAY: _MARKETS,
    Source.SITE_DAY: (),
}


class Measure(NamedTuple):
    """``column`` is the name of the sum in its rollup; ``is_kept``: the site's day has it as well."""

    source: Source
    column: str
    is_kept: bool = False


MEASURES: Final[Mapping[str, Measure]] = {
    "orders": Measure(Source.MARKET_DAY, "orders", True),
    "trades": Measure(Source.MARKET_DAY, "trades", True),
    "quantity": Measure(Source.MARKET_DAY, "quantity", True),
    "volume": Measure(Source.MARKET_DAY, "volume", True),
    "rule_volume": Measure(Source.MARKET_DAY, "rule_volume", True),
    "taker_fees": Measure(Source.MARKET_DAY, "taker_fees", True),
    "maker_fees": Measure(Source.MARKET_DAY, "maker_fees", True),
    "impact": Measure(Source.MARKET_DAY, "impact", True),
    "wash_quantity": Measure(Source.MARKET_DAY, "wash_quantity", True),
    "created": Measure(Source.MARKET_DAY, "created", True),
    "opened": Measure(Source.MARKET_DAY, "opened", True),
    "resolved": Measure(Source.MARKET_DAY, "resolved", True),
    "voided": Measure(Source.MARKET_DAY, "voided", True),
    "disputed": Measure(Source.MARKET_DAY, "disputed", True),
    "active": Measure(Source.TRADER_DAY, "active"),
    "sign_ups": Measure(Source.TRADER, "joined_on", True),
    "funded": Measure(Source.TRADER, "funded_on", True),
    "first_orders": Measure(Source.TRADER, "first_order_on", True),
    "first_fills": Measure(Source.TRADER, "first_fill_on", True),
    "fee_income": Measure(Source.LEDGER_DAY, "fee_income", True),
    "fees_refunded": Measure(Source.LEDGER_DAY, "fees_refunded", True),
    "granted": Measure(Source.LEDGER_DAY, "granted", True),
    "subsidies_paid": Measure(Source.LEDGER_DAY, "subsidies_paid", True),
    "subsidies_returned": Measure(Source.LEDGER_DAY, "subsidies_returned", True),
    "paid_out": Measure(Source.LEDGER_DAY, "paid_out", True),
    "maker_result": Measure(Source.SETTLED, "maker_result", True),
    "settled": Measure(Source.SETTLED, "settled", True),
    "resolve_s": Measure(Source.SETTLED, "resolve_s", True),
    "resolve_count": Measure(Source.SETTLED, "resolve_count", True),
    "brier": Measure(Source.SETTLED, "brier", True),
    "log_loss": Measure(Source.SETTLED, "log_loss", True),
    "scored": Measure(Source.SETTLED, "scored", True),
    "spread": Measure(Source.BOOK_DAY, "spread"),
    "spreads": Measure(Source.BOOK_DAY, "spreads"),
    "depth_1": Measure(Source.BOOK_DAY, "depth_1"),
    "depth_5": Measure(Source.BOOK_DAY, "depth_5"),
    "depth_10": Measure(Source.BOOK_DAY, "depth_10"),
    "samples": Measure(Source.BOOK_DAY, "samples"),
    "dau": Measure(Source.SITE_DAY, "dau", True),
    "wau": Measure(Source.SITE_DAY, "wau", True),
    "mau": Measure(Source.SITE_DAY, "mau", True),
    "days": Measure(Source.SITE_DAY, "days", True),
}
DISTINCT: Final = frozenset({"active"})
