"""Remember when a key was last used, to the minute."""

from datetime import timedelta
from typing import Final

from django.db.models import Q

from accounts.models import ApiKey
from common import clock

_noted: dict[int, float] = {}
_STEP: Final = timedelta(minutes=1)


def note_key_use(*, key_id: int) -> None:
    """Store the time of use at most once a minute for each key; call it on every use."""
    now = clock.now()
    if now.timestamp() - _noted.get(key_id, 0.0) < _STEP.total_seconds():
        return
    if len(_noted) > 10_000:
        _noted.clear()
    _noted[key_id] = now.timestamp()
    stale = Q(last_used_at=None) | Q(last_used_at__lt=now - _STEP)
    ApiKey.objects.filter(stale, pk=key_id).update(last_used_at=now)
