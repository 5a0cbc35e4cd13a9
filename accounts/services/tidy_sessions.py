"""Let go of what nobody needs any more: sessions that have lapsed, browsers that weren't seen, facts long told.

Bound      ``BATCH`` rows a statement, ``ROUNDS`` statements of a kind a look; the next look takes the rest.
"""

from datetime import timedelta
from typing import Any, Final

from django.contrib.sessions.models import Session
from django.db.models import QuerySet

from accounts.models import AccountSession, SecurityFact
from common import clock

#: A browser that wasn't seen for so long is a new one.
KNOWN_FOR: Final = timedelta(days=90)
BATCH: Final = 2_000
ROUNDS: Final = 20


def tidy_sessions() -> int:
    """How many rows were removed."""
    now = clock.now()
    return (
        _remove(Session.objects.filter(expire_date__lt=now))
        + _remove(AccountSession.objects.filter(seen_at__lt=now - KNOWN_FOR))
        + _remove(SecurityFact.objects.filter(at__lt=now - KNOWN_FOR, told_at__isnull=False))
    )


def _remove(rows: QuerySet[Any]) -> int:
    removed = 0
    for _ in range(ROUNDS):
        ids = list(rows.values_list("pk", flat=True)[:BATCH])
        rows.filter(pk__in=ids).delete()
        removed += len(ids)
        if len(ids) < BATCH:
            break
    return removed
