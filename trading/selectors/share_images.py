"""Pictures of markets that were drawn, in the cache that may be away.

Bound      One picture a market, of a few tens of kilobytes, for ``KEEP_S``.
"""

from dataclasses import dataclass
from typing import Final

from django.core.cache import cache

from common import clock

KEEP_S: Final = 7_200
_KEY: Final = "share-image:1:{market_id}"


@dataclass(frozen=True, slots=True)
class ShareImage:
    """``drawn_at`` in seconds since 1970, ``png`` the bytes."""

    seq: int
    drawn_at: float
    png: bytes


def kept_image(market_id: int) -> ShareImage | None:
    found = cache.get(_KEY.format(market_id=market_id))
    return ShareImage(*found) if isinstance(found, tuple) else None


def keep_image(market_id: int, seq: int, png: bytes) -> None:
    cache.set(_KEY.format(market_id=market_id), (seq, clock.now().timestamp(), png), KEEP_S)
