from trading.models.account import Account
from trading.models.book import MarketBook
from trading.models.candle import Candle
from trading.models.group import GroupFill, OrderGroup
from trading.models.heartbeat import Heartbeat
from trading.models.ledger import LedgerEntry, LedgerTransfer
from trading.models.limit import TraderLimit
from trading.models.order import Order, Submission
from trading.models.position import Position
from trading.models.provision import Provision
from trading.models.trade import Trade

__all__ = [
    "Account",
    "Candle",
    "GroupFill",
    "Heartbeat",
    "LedgerEntry",
    "LedgerTransfer",
    "MarketBook",
    "Order",
    "OrderGroup",
    "Position",
    "Provision",
    "Submission",
    "Trade",
    "TraderLimit",
]
