"""Words of accounts, as plain values."""

from enum import StrEnum


class Scope(StrEnum):
    """What an API key may do; a key never may more than its user."""

    READ = "read"
    TRADE = "trade"
    MARKET = "market"
    REPORT = "report"
    OPERATE = "operate"
    ADMIN = "admin"


class Role(StrEnum):
    """Names of the groups that carry permissions."""

    TRADER = "trader"
    MARKET_MAKER = "market maker"
    ANALYST = "analyst"
    OPERATOR = "operator"
    MODERATOR = "moderator"
    ADMIN = "admin"
