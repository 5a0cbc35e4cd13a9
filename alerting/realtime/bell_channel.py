"""Tell the processes that somebody's notifications have changed; whoever misses it asks again within seconds."""

from typing import Final

from common.caching.clients import StoreAwayError, ask

CHANNEL: Final = "om:notifications"


def ring(user_id: int) -> None:
    try:
        ask("PUBLISH", CHANNEL, str(user_id))
    except StoreAwayError:
        return
