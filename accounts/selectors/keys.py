"""Who holds an API key; asked on every request, so the answer is kept for a few seconds.

Bound   A revoked key, a changed scope or a suspended user is noticed within ``CACHE_S`` seconds in every
        process, an expiry at once. Unknown keys are never kept, so that garbage can't fill the memory.
"""

import threading
import time
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from accounts.engine.secrets import digest_of, is_well_formed
from accounts.models import ApiKey, User
from accounts.types import Scope
from common import clock

CACHE_S: Final = 5.0
_CACHE_MAX: Final = 10_000


@dataclass(frozen=True, slots=True)
class KeyHolder:
    """The user who acts through a key, and what the key lets them do."""

    key_id: int
    user: User
    scopes: frozenset[Scope]
    expires_at: datetime | None

    def has_scope(self, scope: Scope) -> bool:
        return scope in self.scopes


_kept: dict[bytes, tuple[float, KeyHolder]] = {}
_lock = threading.Lock()


def user_for_key(secret: str) -> KeyHolder | None:
    """The holder of a key that is neither expired nor revoked and whose user is active, else nothing."""
    if not is_well_formed(secret):
        return None
    digest = digest_of(secret)
    asked_at = time.monotonic()
    deadline, holder = _kept.get(digest, (0.0, None))
    if holder is None or asked_at >= deadline:
        holder = _load(digest)
        _keep(digest, asked_at + CACHE_S, holder)
    if holder is None or (holder.expires_at is not None and holder.expires_at <= clock.now()):
        return None
    return holder


def forget_key(digest: bytes) -> None:
    """Drop what this process knows of one key."""
    with _lock:
        _kept.pop(digest, None)


def forget_all_keys() -> None:
    """Drop what this process knows of all keys."""
    with _lock:
        _kept.clear()


def _load(digest: bytes) -> KeyHolder | None:
    key = ApiKey.objects.select_related("user").filter(digest=digest, revoked_at=None, user__is_active=True).first()
    if key is None:
        return None
    scopes = frozenset(Scope(scope) for scope in key.scopes)
    return KeyHolder(key.pk, key.user, scopes, key.expires_at)


def _keep(digest: bytes, deadline: float, holder: KeyHolder | None) -> None:
    with _lock:
        if holder is None:
            _kept.pop(digest, None)
            return
        if len(_kept) >= _CACHE_MAX:
            _kept.clear()
        _kept[digest] = (deadline, holder)
