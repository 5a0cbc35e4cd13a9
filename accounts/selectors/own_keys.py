"""The keys of one person, as their settings page lists them."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import F

from accounts.models import ApiKey
from common import clock


@dataclass(frozen=True, slots=True)
class KeyRow:
    key_id: int
    name: str
    prefix: str
    scopes: tuple[str, ...]
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None
    last_used_at: datetime | None
    is_usable: bool


def own_keys(*, user_id: int) -> list[KeyRow]:
    """Usable keys first, then newest first; at most 200."""
    now = clock.now()
    keys = ApiKey.objects.filter(user_id=user_id).order_by(F("revoked_at").asc(nulls_first=True), "-id")[:200]
    return [
        KeyRow(
            key.pk,
            key.name,
            key.prefix,
            tuple(key.scopes),
            key.created_at,
            key.expires_at,
            key.revoked_at,
            key.last_used_at,
            key.revoked_at is None and (key.expires_at is None or key.expires_at > now),
        )
        for key in keys
    ]
