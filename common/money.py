"""Integer units of price, quantity and cash, and their decimal strings.

Unit       price     1/10,000 of the payout of one share ("tick")
           quantity  1/10,000 share                      ("lot")
           cash      1/100,000,000 credit                ("unit")
Exact      ``price_ticks * quantity_lots`` is an amount of cash units.
Edge       Outside the process every value is a decimal string; a float never enters.
"""

import re
from typing import Final

PRICE_SCALE: Final = 10_000
QUANTITY_SCALE: Final = 10_000
CASH_SCALE: Final = PRICE_SCALE * QUANTITY_SCALE
#: One share of the winning outcome pays one credit, so one lot pays this much cash.
PAYOUT_PER_LOT: Final = PRICE_SCALE
#: PostgreSQL's bigint holds 92 billion credits; no single amount may come near it.
CASH_MAX: Final = 10**18
QUANTITY_LOTS_MAX: Final = 10**13

_DECIMAL = re.compile(r"(\d{1,12})(?:\.(\d{1,8}))?", re.ASCII)
_PLACES = {PRICE_SCALE: 4, CASH_SCALE: 8}


def _parse(text: str, scale: int) -> int:
    match = _DECIMAL.fullmatch(text)
    if match is None:
        raise ValueError("is not a plain decimal number such as 12.5")
    whole, fraction = match[1], (match[2] or "").rstrip("0")
    places = _PLACES[scale]
    if len(fraction) > places:
        raise ValueError(f"has more than {places} decimal places")
    return int(whole) * scale + int(fraction.ljust(places, "0") or 0)


def format_price(ticks: int) -> str:
    """``6200`` -> ``"0.6200"``; prices always show four places."""
    if ticks < 0:
        return "-" + format_price(-ticks)
    return f"{ticks // PRICE_SCALE}.{ticks % PRICE_SCALE:04d}"


def format_quantity(lots: int) -> str:
    """``591262`` -> ``"59.1262"``, without trailing noise."""
    if lots < 0:
        return "-" + format_quantity(-lots)
    rest = lots % QUANTITY_SCALE
    return f"{lots // QUANTITY_SCALE}.{rest:04d}".rstrip("0") if rest else str(lots // QUANTITY_SCALE)


def format_cash(units: int) -> str:
    """``3_050_000_000`` -> ``"30.5"``, without trailing noise."""
    if units < 0:
        return "-" + format_cash(-units)
    rest = units % CASH_SCALE
    return f"{units // CASH_SCALE}.{rest:08d}".rstrip("0") if rest else str(units // CASH_SCALE)


def parse_price(text: str) -> int:
    """Decimal string to ticks; raises ``ValueError`` that ends the sentence "The value ..."."""
    return _parse(text, PRICE_SCALE)


def parse_quantity(text: str) -> int:
    """Decimal string to lots; raises ``ValueError`` that ends the sentence "The value ..."."""
    return _parse(text, QUANTITY_SCALE)


def parse_cash(text: str) -> int:
    """Decimal string to cash units; raises ``ValueError`` that ends the sentence "The value ..."."""
    return _parse(text, CASH_SCALE)
