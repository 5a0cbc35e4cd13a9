"""Put the digests that are due into the outbox.

Contract   One person's digest is queued in the transaction that says when the next one is due, under a key of its own
           moment: two schedulers, or one that dies, send it once. Who has nothing new gets none. Switched off channels
           and people without an address lose nothing: what is new waits for the next time.
Bound      ``BATCH`` people a look; the rest at the next one.
"""

import json
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any, Final

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext, ngettext

from accounts.selectors.people import Contact, contacts
from alerting.engine.channels.content import MessageContent
from alerting.engine.digests import News, next_digest_at, sections_of
from alerting.models import Digest, DigestPace, NoticeKind
from alerting.selectors.digests import closing_soon, unread_news
from alerting.selectors.watchlist import WatchedMarket
from alerting.services._unsubscribe_link import DIGEST, unsubscribe_url
from alerting.services.provide_channels import EMAIL
from alerting.services.queue_message import queue_message
from common import clock
from common.languages import dated, outcome_word, zone

BATCH: Final = 200
#: A line that is written now may be seen only when its transaction ends; the next digest has it.
_UNSETTLED: Final = timedelta(seconds=30)
_SPANS: Final = {DigestPace.DAILY: timedelta(days=1), DigestPace.WEEKLY: timedelta(days=7)}


def send_digests() -> int:
    """How many letters were queued."""
    queued = 0
    for _ in range(BATCH):
        is_queued = _send_next()
        if is_queued is None:
            break
        queued += is_queued
    return queued


@transaction.atomic
def _send_next() -> bool | None:
    """Whether a letter was queued; None when nobody's digest is due."""
    now = clock.now()
    due = Digest.objects.filter(next_at__lte=now, user__is_active=True).order_by("next_at", "pk")
    row = due.select_for_update(skip_locked=True, of=("self",)).first()
    if row is None:
        return None
    person = contacts([row.user_id])[row.user_id]
    upto = now - _UNSETTLED
    content = _content(person, row, upto, now)
    is_queued = content is not None and bool(person.email) and _queue(person, row, content)
    if is_queued or content is None:
        row.since = upto
    row.next_at = next_digest_at(now, is_weekly=row.pace == DigestPace.WEEKLY, time_zone=person.time_zone)
    row.save(update_fields=["since", "next_at"])
    return is_queued


def _queue(person: Contact, row: Digest, content: MessageContent) -> bool:
    key = f"digest-{person.user_id}-{row.next_at:%Y%m%dT%H%M}"
    given: dict[str, Any] = {"recipient": person.email, "user_id": person.user_id, "reason": DIGEST}
    return queue_message(key=key, channel=EMAIL, content=content, source="notification", **given) is not None


def _content(person: Contact, row: Digest, upto: datetime, now: datetime) -> MessageContent | None:
    """None when there is nothing to tell."""
    pace = DigestPace(row.pace)
    closing = closing_soon(person.user_id, after=now, before=now + _SPANS[pace])
    with translation.override(person.language or settings.LANGUAGE_CODE):
        news = unread_news(person.user_id, after=row.since, upto=upto)
        if not news and not closing:
            return None
        sections = _sections(news, closing, zone(person.time_zone) or UTC)
        title = _title(pace, len(news) + len(closing))
    lines = [f"{line['title']}\n{line['text']}" for section in sections for line in section["lines"]]
    return MessageContent(
        title,
        "\n\n".join(lines),
        url=f"{settings.PUBLIC_URL}/notifications",
        type="notification.digest",
        unsubscribe_url=unsubscribe_url(person.user_id, DIGEST),
        payload=json.dumps(sections),
    )


def _sections(news: tuple[News, ...], closing: tuple[WatchedMarket, ...], local: tzinfo) -> list[dict[str, Any]]:
    found = [
        {"title": str(NoticeKind(section.kind).label), "lines": [_line(one) for one in section.lines]}
        for section in sections_of(news)
    ]
    if closing:
        lines = [_ending(one, local) for one in closing]
        found.append({"title": gettext("Markets you watch that end soon"), "lines": lines})
    return found


def _line(news: News) -> dict[str, str]:
    url = f"{settings.PUBLIC_URL}{news.url}" if news.url.startswith("/") else news.url
    return {"title": news.title, "text": news.text, "url": url}


def _ending(market: WatchedMarket, local: tzinfo) -> dict[str, str]:
    chance = "" if market.price is None else f"{outcome_word(market.outcome)} {market.price / 10_000:.0f} %, "
    ends = gettext("trading ends %(at)s") % {"at": dated(market.closes_at.astimezone(local), "D j M Y, H:i T")}
    return {"title": market.question, "text": f"{chance}{ends}", "url": f"{settings.PUBLIC_URL}/markets/{market.slug}"}


def _title(pace: DigestPace, number: int) -> str:
    if pace is DigestPace.DAILY:
        return ngettext("Your day: %(number)d thing is new", "Your day: %(number)d things are new", number) % {
            "number": number
        }
    return ngettext("Your week: %(number)d thing is new", "Your week: %(number)d things are new", number) % {
        "number": number
    }
