from trading.models.account import Account
from trading.models.book import MarketBook
from trading.models.candle import Candle
from trading.models.ledger import LedgerEntry, LedgerTransfer
from trading.models.order import Order, Submission
from trading.models.position import Position
from trading.models.provision import Provision
from trading.models.trade import Trade

__all__ = [
    "Account",
    "Candle",
    "LedgerEntry",
    "LedgerTransfer",
    "MarketBook",
    "Order",
    "Position",
    "Provision",
    "Submission",
    "Trade",
]
