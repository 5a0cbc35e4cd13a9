"""``valid_until`` of commands that don't pass through a market's engine; those that do carry it there."""

from datetime import datetime

from common import clock
from trading.errors import OrderExpired


def check_valid(valid_until: datetime | None) -> None:
    """Called where the command is carried out.

    Raises: OrderExpired
    """
    if valid_until is not None and valid_until <= clock.now():
        raise OrderExpired("valid_until has passed; send the command with a later time.", field="/valid_until")
