"""When the next digest goes, and what stands in it.

Contract   Pure. A digest goes at ``HOUR`` o'clock of its reader's own time, weekly ones on Mondays; what is the same
           moment or earlier is never the next one. Sections in the order of ``_ORDER``, without empty ones.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

HOUR: Final = 7
_MONDAY: Final = 0
#: Kinds of notices as they stand in a letter; those that aren't named stand at the end.
_ORDER: Final = ("vote", "mention", "follow", "fill", "resolution", "price_move", "new_market")


@dataclass(frozen=True, slots=True)
class News:
    """One line: what, what of it, and where."""

    kind: str
    title: str
    text: str
    url: str


@dataclass(frozen=True, slots=True)
class Section:
    kind: str
    lines: tuple[News, ...]


def next_digest_at(now: datetime, *, is_weekly: bool, time_zone: str) -> datetime:
    """An odd zone is read as UTC. The answer is in UTC."""
    zone = _zone(time_zone)
    local = now.astimezone(zone)
    day = local.date()
    if is_weekly:
        day += timedelta(days=(_MONDAY - day.weekday()) % 7)
    found = _morning(day, zone)
    return found if found > now else _morning(day + timedelta(days=7 if is_weekly else 1), zone)


def sections_of(news: Sequence[News]) -> tuple[Section, ...]:
    """Lines keep their order within a section."""
    kinds = sorted({one.kind for one in news}, key=lambda kind: (_rank(kind), kind))
    return tuple(Section(kind, tuple(one for one in news if one.kind == kind)) for kind in kinds)


def _morning(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(HOUR), zone).astimezone(UTC)


def _rank(kind: str) -> int:
    return _ORDER.index(kind) if kind in _ORDER else len(_ORDER)


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name or "UTC")
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")
