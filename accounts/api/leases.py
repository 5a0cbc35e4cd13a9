"""Requests counted against the shared buckets a handful at a time.

Contract   Tokens are taken from the bucket in leases of a fiftieth of its capacity and spent in this process, so
           most requests cost no round trip. No more than the bucket holds is ever spent; a lease that is
           not used up within a second is lost, so at most a fiftieth a process is.
"""

import math
import threading
import time
from collections import OrderedDict
from dataclasses import dataclass
from typing import Final

from accounts.services.limits import take
from accounts.types import Limit
from common.api.access import Allowance

LEASE_S: Final = 1.0
LEASES_MAX: Final = 20_000
_SHARE: Final = 50


@dataclass(slots=True)
class _Lease:
    tokens: int
    remaining: int
    until: float


class Leases:
    def __init__(self) -> None:
        self._leases: OrderedDict[tuple[str, str], _Lease] = OrderedDict()
        self._lock = threading.Lock()

    def spend(self, limit: Limit, name: str, cost: int = 1) -> Allowance:
        """Take one token, from the lease at hand or from a new one; several always from the bucket itself."""
        if cost > 1:
            return _taken(limit, name, cost)
        key, now = (limit.name, name), time.monotonic()
        with self._lock:
            lease = self._leases.get(key)
            if lease is not None and lease.tokens > 0 and now < lease.until:
                lease.tokens -= 1
                return _allowance(limit, lease.remaining + lease.tokens)
        return self._renew(limit, name, key, now)

    def _renew(self, limit: Limit, name: str, key: tuple[str, str], now: float) -> Allowance:
        tokens = max(1, limit.capacity // _SHARE)
        verdict = take([(limit, name)], cost=tokens)
        if not verdict.is_allowed and tokens > 1:
            tokens, verdict = 1, take([(limit, name)])
        if not verdict.is_allowed:
            return _allowance(limit, 0, retry_after_s=max(1, math.ceil(verdict.retry_after_s)))
        lease = _Lease(tokens - 1, verdict.remaining, now + LEASE_S)
        with self._lock:
            self._leases[key] = lease
            self._leases.move_to_end(key)
            if len(self._leases) > LEASES_MAX:
                self._leases.popitem(last=False)
        return _allowance(limit, lease.remaining + lease.tokens)


def _taken(limit: Limit, name: str, cost: int) -> Allowance:
    verdict = take([(limit, name)], cost=min(cost, limit.capacity))
    wait_s = None if verdict.is_allowed else max(1, math.ceil(verdict.retry_after_s))
    return _allowance(limit, verdict.remaining, retry_after_s=wait_s)


def _allowance(limit: Limit, remaining: int, *, retry_after_s: int | None = None) -> Allowance:
    reset_s = math.ceil((limit.capacity - remaining) / limit.refill_per_s)
    return Allowance(limit.capacity, remaining, reset_s, retry_after_s)
