"""How many web processes scaling asks for, read by the supervisor of ``make up``."""

from typing import Final

import redis

from monitoring.scaling.types import WANTED_WEB

_TIMEOUT_S: Final = 1.0


class WantedWeb:
    """Redis away or nobody asked: as it was before, which is none at the start."""

    def __init__(self, url: str) -> None:
        self._client = redis.Redis.from_url(url, socket_timeout=_TIMEOUT_S, socket_connect_timeout=_TIMEOUT_S)
        self._count = 0

    def count(self) -> int:
        try:
            found = self._client.get(WANTED_WEB)
        except redis.RedisError:
            return self._count
        self._count = int(found) if isinstance(found, bytes) and found.isdigit() else 0
        return self._count
