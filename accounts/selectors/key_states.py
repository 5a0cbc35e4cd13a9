"""Why a key doesn't open anything; asked only after it was refused."""

from enum import StrEnum

from accounts.engine.secrets import digest_of, is_well_formed
from accounts.models import ApiKey
from common import clock


class KeyState(StrEnum):
    UNKNOWN = "unknown"
    REVOKED = "revoked"
    EXPIRED = "expired"
    SUSPENDED = "suspended"


def key_state(secret: str) -> KeyState:
    """The first reason that holds; a key that is good by now counts as unknown and will work when sent again."""
    if not is_well_formed(secret):
        return KeyState.UNKNOWN
    key = ApiKey.objects.select_related("user").filter(digest=digest_of(secret)).first()
    if key is None:
        return KeyState.UNKNOWN
    if key.revoked_at is not None:
        return KeyState.REVOKED
    if key.expires_at is not None and key.expires_at <= clock.now():
        return KeyState.EXPIRED
    return KeyState.UNKNOWN if key.user.is_active else KeyState.SUSPENDED
