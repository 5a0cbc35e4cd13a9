"""A cache that may be away: then it is empty, so that nothing fails for lack of it.

Contract   While Redis can't be reached, reads find nothing, writes do nothing and ``add`` answers False, which
           callers read as "somebody else was first": what is allowed once is then refused, not repeated.
           Reads are counted in ``cache_reads_total`` as those of the cache "django".
Safety     Django pickles what it keeps, and reading a pickle can run code. So every value is signed with the secret
           key, and one that this site didn't sign is never unpickled: it counts as away.
"""

import hmac
from collections.abc import Callable
from typing import Any, Final

from django.conf import settings
from django.core.cache.backends.redis import RedisCache, RedisSerializer
from redis import RedisError

from common.caching.metrics import Reads

_AWAY: Final = object()
_MISSING: Final = object()
_get: Final = Reads("django", "get")
_get_many: Final = Reads("django", "get_many")


_SIGNATURE_BYTES: Final = 20


class UnsignedValueError(RedisError):
    """Somebody else wrote this value, or another secret key signed it."""


class SignedSerializer(RedisSerializer):
    """Numbers stay as they are, which Redis counts with; all else is a signature and a pickle."""

    def dumps(self, obj: Any) -> Any:
        plain: bytes | int = super().dumps(obj)
        return plain if isinstance(plain, int) else _signature(plain) + plain

    def loads(self, data: Any) -> Any:
        try:
            return int(data)
        except ValueError:
            signature, plain = data[:_SIGNATURE_BYTES], data[_SIGNATURE_BYTES:]
        if not hmac.compare_digest(signature, _signature(plain)):
            raise UnsignedValueError
        return super().loads(plain)


def _signature(plain: bytes) -> bytes:
    key = b"common.cache:" + settings.SECRET_KEY.encode()
    return hmac.digest(key, plain, "sha256")[:_SIGNATURE_BYTES]


class FallibleRedisCache(RedisCache):
    def add(self, *args: Any, **kwargs: Any) -> bool:
        return bool(_or(False, super().add, *args, **kwargs))

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        found = _or(_AWAY, super().get, key, _MISSING, version)
        if found is _AWAY:
            _get.error()
        elif found is _MISSING:
            _get.miss()
        else:
            _get.hit()
            return found
        return default

    def set(self, *args: Any, **kwargs: Any) -> None:
        _or(None, super().set, *args, **kwargs)

    def touch(self, *args: Any, **kwargs: Any) -> bool:
        return bool(_or(False, super().touch, *args, **kwargs))

    def delete(self, *args: Any, **kwargs: Any) -> bool:
        return bool(_or(False, super().delete, *args, **kwargs))

    def has_key(self, *args: Any, **kwargs: Any) -> bool:
        return bool(_or(False, super().has_key, *args, **kwargs))

    def get_many(self, *args: Any, **kwargs: Any) -> dict[Any, Any]:
        found: dict[Any, Any] | None = _or(None, super().get_many, *args, **kwargs)
        if found is None:
            _get_many.error()
            return {}
        (_get_many.hit if found else _get_many.miss)()
        return found

    def set_many(self, data: Any, *args: Any, **kwargs: Any) -> list[Any]:
        failed: list[Any] = _or(list(data), super().set_many, data, *args, **kwargs)
        return failed

    def delete_many(self, *args: Any, **kwargs: Any) -> None:
        _or(None, super().delete_many, *args, **kwargs)


def _or(default: Any, call: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    try:
        return call(*args, **kwargs)
    except RedisError:
        return default
