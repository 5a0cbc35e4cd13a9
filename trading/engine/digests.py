"""The digest of what an order asks for, by which a repetition is told from another order.

Contract   Of values, however they were spelt. Kept for ever with the first answer, so it must never change for an
           order that could be placed before: fields that came later count only when they say something.
"""

from dataclasses import fields
from hashlib import sha256
from operator import attrgetter
from typing import Final

import orjson

from trading.types import OrderSpec

#: Those of the first release, in the order in which they have always been digested.
_FIRST: Final = (
    "market_id", "outcome", "side", "type", "time_in_force", "price", "quantity", "cost_max", "post_only",
    "self_trade_policy", "valid_until",
)  # fmt: skip
_LATER: Final = tuple((field.name, field.default) for field in fields(OrderSpec) if field.name not in _FIRST)
_first_values: Final = attrgetter(*_FIRST)


def spec_digest(spec: OrderSpec) -> bytes:
    """SHA-256 of the order that is asked for."""
    asked = dict(zip(_FIRST, _first_values(spec), strict=True))
    for name, default in _LATER:
        value = getattr(spec, name)
        if value != default:
            asked[name] = value
    return sha256(orjson.dumps(asked)).digest()
