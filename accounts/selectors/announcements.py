"""What is announced now, for whoever reads.

Bound      One statement in ``AGE_S`` for each process, whatever is read; an announcement that is made, changed or
           withdrawn is seen at once where it was made and within a second or two elsewhere. What is over vanishes by
           the clock, whatever is kept.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from accounts.models import Announcement
from accounts.types import ANNOUNCEMENTS, Audience
from common import clock
from common.caching.memory_cache import memory_cache

AGE_S: Final = 30.0
KEPT_MAX: Final = 50
SHOWN_MAX: Final = 3
#: Where a browser remembers what its reader has put away.
COOKIE: Final = "dismissed"


@dataclass(frozen=True, slots=True)
class AnnouncementView:
    id: int
    title: str
    text: str
    audience: Audience
    starts_at: datetime
    ends_at: datetime


def announcements_for(user: Any, *, most: int = SHOWN_MAX) -> tuple[AnnouncementView, ...]:
    """The newest few that are for this reader; ``user`` may be anonymous."""
    return announcements_among(_kept(), user)[:most]


def announcements_among(known: Iterable[AnnouncementView], user: Any) -> tuple[AnnouncementView, ...]:
    """Those that are shown now, to this reader."""
    now = clock.now()
    return tuple(one for one in known if one.starts_at <= now < one.ends_at and _is_for(user, one.audience))


def dismissed_ids(kept: str) -> tuple[int, ...]:
    """What the cookie says, whatever somebody has made of it."""
    parts = kept.split(".")
    return tuple(int(part) for part in parts if part.isascii() and part.isdigit() and len(part) < 19)


@memory_cache(AGE_S, tags=(ANNOUNCEMENTS,), entries_max=1)
def _kept() -> tuple[AnnouncementView, ...]:
    """Those that aren't over, to come or not."""
    rows = Announcement.objects.filter(ends_at__gt=clock.now()).order_by("-starts_at", "-id")[:KEPT_MAX]
    return tuple(
        AnnouncementView(row.pk, row.title, row.text, Audience(row.audience), row.starts_at, row.ends_at)
        for row in rows
    )


def _is_for(user: Any, audience: Audience) -> bool:
    if audience is Audience.EVERYBODY:
        return True
    if not user.is_authenticated:
        return False
    if audience is Audience.MAKERS:
        return bool(user.has_perm("markets.add_market"))
    return audience is Audience.MEMBERS or bool(user.is_staff)
