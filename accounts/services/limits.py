"""Limits that hold under parallel attempts: token buckets in Redis, and in this process as well.

Contract   One script takes from all buckets of an attempt or from none, so two attempts can't both get
           the last token. This process' own buckets are asked first: while Redis is away they alone
           decide, so no limit is ever open, and an attacker never gets more than a bucket holds.
Bound      One round trip; a Redis that is away costs one time-out a second.
"""

import hashlib
import threading
import time
from collections.abc import Sequence
from functools import cache
from typing import Final

import redis
from django.conf import settings
from redis.backoff import NoBackoff
from redis.commands.core import Script
from redis.retry import Retry

from accounts.engine.bucket import Bucket, Buckets
from accounts.errors import TooManyAttempts
from accounts.types import Limit, Verdict

#: Failed attempts on one account from one address, and from one address on any account.
LOGIN_ACCOUNT: Final = Limit("login-account", 5, 900)
LOGIN_ADDRESS: Final = Limit("login-address", 50, 900)
SECOND_FACTOR: Final = Limit("second-factor", 5, 900)
SECOND_FACTOR_USER: Final = Limit("second-factor-user", 30, 3_600)
RESET_ACCOUNT: Final = Limit("reset-account", 3, 3_600)
RESET_MAILBOX: Final = Limit("reset-mailbox", 10, 3_600)
RESET_ADDRESS: Final = Limit("reset-address", 20, 3_600)
SIGN_UP_ADDRESS: Final = Limit("sign-up-address", 20, 3_600)
ACCOUNT_PAGES: Final = Limit("account-pages", 60, 60)
#: A search reads every market. Other pages read what indexes find, and this is beyond any reader's pace.
SEARCH: Final = Limit("search", 20, 10)
PAGES: Final = Limit("pages", 3_000, 10)
#: Whole histories as files.
DOWNLOADS: Final = Limit("downloads", 10, 60)

_PAUSE_S: Final = 1.0
_SCRIPT: Final = """
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
local cost = tonumber(ARGV[1])
local levels, wait, remaining = {}, 0, nil
for i, key in ipairs(KEYS) do
  local capacity, refill = tonumber(ARGV[2 * i]), tonumber(ARGV[2 * i + 1])
  local stored = redis.call('HMGET', key, 'level', 'at')
  local level = capacity
  if stored[1] then
    level = math.min(capacity, tonumber(stored[1]) + math.max(0, now - tonumber(stored[2])) * refill)
  end
  levels[i] = level
  wait = math.max(wait, (cost - level) / refill)
  if not remaining or level < remaining then remaining = level end
end
if cost > 0 and wait > 0 then return {0, 0, math.ceil(wait)} end
for i, key in ipairs(KEYS) do
  local capacity, refill = tonumber(ARGV[2 * i]), tonumber(ARGV[2 * i + 1])
  local level = math.min(capacity, levels[i] - cost)
  redis.call('HSET', key, 'level', string.format('%.6f', level), 'at', now)
  redis.call('PEXPIRE', key, math.ceil((capacity - level) / refill) + 1000)
end
return {1, math.floor(remaining - cost), 0}
"""

_buckets = Buckets()
_lock = threading.Lock()
_away_until = 0.0


def take(buckets: Sequence[Bucket], *, cost: int = 1) -> Verdict:
    """Take ``cost`` tokens from every (limit, key), or from none when one of them lacks them."""
    with _lock:
        verdict = _buckets.take(buckets, time.monotonic(), cost)
    if not verdict.is_allowed:
        return verdict
    shared = _ask_redis(buckets, cost)
    if shared is None:
        return verdict
    if not shared.is_allowed:
        with _lock:
            _buckets.give_back(buckets, time.monotonic(), cost)
    return shared


def give_back(buckets: Sequence[Bucket], *, cost: int = 1) -> None:
    """Return the tokens of an attempt that turned out to be right."""
    with _lock:
        _buckets.give_back(buckets, time.monotonic(), cost)
    _ask_redis(buckets, -cost)


def check(buckets: Sequence[Bucket]) -> None:
    """``take`` that raises ``TooManyAttempts`` instead of answering no."""
    verdict = take(buckets)
    if not verdict.is_allowed:
        raise refusal(verdict)


def refusal(verdict: Verdict) -> TooManyAttempts:
    seconds = int(verdict.retry_after_s) + 1
    wait = f"{seconds} seconds" if seconds < 120 else f"{-(-seconds // 60)} minutes"
    return TooManyAttempts(f"Too many attempts. Try again in {wait}.", extra={"retry_after": seconds})


def _ask_redis(buckets: Sequence[Bucket], cost: int) -> Verdict | None:
    global _away_until
    if time.monotonic() < _away_until:
        return None
    arguments: list[str | int | float] = [cost]
    for limit, _ in buckets:
        arguments += [limit.capacity, limit.refill_per_s / 1_000]
    try:
        is_allowed, remaining, wait_ms = _script()(keys=[_name(limit, key) for limit, key in buckets], args=arguments)
    except redis.RedisError:
        _away_until = time.monotonic() + _PAUSE_S
        return None
    return Verdict(bool(is_allowed), int(remaining), wait_ms / 1_000)


def _name(limit: Limit, key: str) -> str:
    # Addresses and handles don't belong into another store in plain text.
    return f"om:limit:{limit.name}:{hashlib.sha256(key.encode()).hexdigest()[:32]}"


@cache
def _script() -> Script:
    client = redis.Redis.from_url(
        settings.REDIS_URL, socket_timeout=0.5, socket_connect_timeout=0.3, retry=Retry(NoBackoff(), 0)
    )
    return client.register_script(_SCRIPT)
