"""Tell readers something on every page, for a while."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction

from accounts.errors import AnnouncementInvalid
from accounts.models import Announcement
from accounts.services.record_audit import record_audit
from accounts.types import ANNOUNCEMENTS, Audience
from common import clock
from common.caching.tags import invalidate_tags
from common.text import clean_text

TITLE_LENGTH_MAX: Final = 120
TEXT_LENGTH_MAX: Final = 1_000
_MOMENT: Final = timedelta(seconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class AnnouncementSpec:
    title: str
    text: str
    audience: Audience
    starts_at: datetime
    ends_at: datetime


def announce(
    *, actor_id: int, spec: AnnouncementSpec, announcement_id: int | None = None, ip: str = ""
) -> Announcement:
    """A new announcement, or another content of one. Audited. The caller has checked the permission.

    Raises: AnnouncementInvalid
    """
    title, text = _clean(spec.title, "title", 3, TITLE_LENGTH_MAX), _clean(spec.text, "text", 0, TEXT_LENGTH_MAX)
    if spec.ends_at <= spec.starts_at:
        raise AnnouncementInvalid("It must end after it starts.", field="/ends_at")
    with transaction.atomic():
        if announcement_id is None:
            row = Announcement(created_by_id=actor_id)
        else:
            row = Announcement.objects.select_for_update().get(pk=announcement_id)
        before = _told(row) if announcement_id else {}
        row.title, row.text, row.audience = title, text, spec.audience.value
        row.starts_at, row.ends_at, row.updated_at = spec.starts_at, spec.ends_at, clock.now()
        row.save()
        action = "accounts.change_announcement" if announcement_id else "accounts.add_announcement"
        record_audit(actor_id=actor_id, action=action, target=row, before=before, after=_told(row), ip=ip)
        invalidate_tags(ANNOUNCEMENTS)
    return row


def withdraw_announcement(*, announcement_id: int, actor_id: int, reason: str, ip: str = "") -> None:
    """End it now. Audited; one that is over stays as it is."""
    now = clock.now()
    with transaction.atomic():
        row = Announcement.objects.select_for_update().get(pk=announcement_id)
        if row.ends_at <= now:
            return
        before = _told(row)
        # One that was still to come never was: its period is over before it began.
        row.starts_at = min(row.starts_at, now - _MOMENT)
        row.ends_at = row.updated_at = now
        row.save(update_fields=["starts_at", "ends_at", "updated_at"])
        record_audit(
            actor_id=actor_id,
            action="accounts.withdraw_announcement",
            target=row,
            reason=reason,
            before=before,
            after=_told(row),
            ip=ip,
        )
        invalidate_tags(ANNOUNCEMENTS)


def _told(row: Announcement) -> dict[str, str]:
    return {
        "title": row.title,
        "text": row.text,
        "audience": row.audience,
        "starts_at": clock.rfc3339(row.starts_at),
        "ends_at": clock.rfc3339(row.ends_at),
    }


def _clean(text: str, field: str, least: int, most: int) -> str:
    try:
        return clean_text(text, length_min=least, length_max=most, is_one_line=field == "title")
    except ValueError as problem:
        raise AnnouncementInvalid(f"The {field} {problem}.", field=f"/{field}") from problem
