"""Where a person is signed in, and what lately happened to the locks of their account.

Bound      ``SESSIONS_MAX`` and ``FACTS_MAX`` rows by an index of their own; no session of the site is read.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings

from accounts.models import AccountSession, SecurityFact
from accounts.types import SecurityChange
from common import clock

SESSIONS_MAX: Final = 50
FACTS_MAX: Final = 10


@dataclass(frozen=True, slots=True)
class SessionRow:
    session_id: int
    browser: str
    system: str
    network: str
    signed_in_at: datetime
    seen_at: datetime
    is_this: bool


@dataclass(frozen=True, slots=True)
class FactRow:
    change: SecurityChange
    detail: str
    at: datetime


def own_sessions(*, user_id: int, current_id: int | None) -> list[SessionRow]:
    """The one that asks first, then those seen last."""
    # A session that nobody used for its whole life has lapsed.
    alive = clock.now() - timedelta(seconds=settings.SESSION_COOKIE_AGE)
    rows = AccountSession.objects.filter(user_id=user_id, ended_at=None, seen_at__gt=alive).order_by("-seen_at", "-pk")
    found = [
        SessionRow(
            row.pk, row.browser, row.system, row.network, row.signed_in_at, row.seen_at, is_this=row.pk == current_id
        )
        for row in rows[:SESSIONS_MAX]
    ]
    return sorted(found, key=lambda row: not row.is_this)


def security_facts(*, user_id: int) -> list[FactRow]:
    """The newest first."""
    rows = SecurityFact.objects.filter(user_id=user_id).order_by("-id")[:FACTS_MAX]
    return [FactRow(SecurityChange(row.change), row.detail, row.at) for row in rows]
