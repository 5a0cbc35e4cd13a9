"""What tells a repeated pair of orders from another one."""

from trading.services._command_keys import command_key
from trading.types import OrderSpec


def pair_key(key: str, first: OrderSpec, second: OrderSpec) -> tuple[str, bytes]:
    """The stored name of a user's key and the digest of what was asked for; empty without a key."""
    return command_key(key, "pair", first, second)
