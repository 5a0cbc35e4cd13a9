"""Send what waits in the outbox.

Contract   At least once: a message is ended only after its receiver said yes, or for good said no. A worker that dies
           between the two sends again with the same key, which receivers that know keys tell apart. Whoever sends
           holds no transaction.
"""

import time
from typing import Any, Final

from django.db import transaction
from django.db.models import F, Value
from django.db.models.functions import Coalesce

from alerting.engine.channels.content import bundle_of, content_of
from alerting.models import Channel, ChannelKind, Delivery, DeliveryAttempt, DeliveryStatus, ThreadMark
from alerting.services._config import config_of
from alerting.services._ending import end
from alerting.services._leasing import Leased, lease_next
from alerting.services._senders.outgoing import Outgoing, SendFailed, Sent
from alerting.services._sending import SENDERS
from alerting.services._waiting import rest_until, retry_moment
from alerting.services.webhooks.switch_off import switch_off_gone
from common import clock

#: After this long the others have their turn; the poll comes back.
BUDGET_S: Final = 20.0


def deliver_channel(*, channel_id: int, budget_s: float = BUDGET_S) -> int:
    """How many messages were tried."""
    tried, until = 0, time.monotonic() + budget_s
    while time.monotonic() < until and (leased := lease_next(channel_id)) is not None:
        _try(leased)
        tried += 1
    return tried


def _try(leased: Leased) -> None:
    began = time.monotonic()
    try:
        sent = SENDERS[leased.channel.kind](_outgoing(leased))
    except SendFailed as failure:
        _note_failure(leased, failure, _ms(began))
    else:
        _note_success(leased, sent, _ms(began))


def _outgoing(leased: Leased) -> Outgoing:
    first, channel = leased.first, leased.channel
    thread = _thread_of(leased)
    mark = ThreadMark.objects.filter(channel=channel, recipient=first.recipient, thread=thread).first()
    return Outgoing(
        key=first.key,
        config=config_of(channel),
        content=bundle_of([content_of(row.content) for row in leased.rows]),
        timeout_s=channel.timeout_s,
        recipient=first.recipient,
        user_id=first.user_id,
        thread=thread,
        reference=mark.reference if mark is not None and thread else "",
        channel_name=channel.name,
        progress=frozenset(first.progress),
        note=lambda recipient: _note_progress(first, recipient),
    )


def _thread_of(leased: Leased) -> str:
    """Messages of several threads that go as one change none of them at the receiver."""
    return leased.first.thread if len({row.thread for row in leased.rows}) == 1 else ""


def _note_progress(first: Delivery, recipient: str) -> None:
    first.progress = [*first.progress, recipient]
    Delivery.objects.filter(pk=first.pk).update(progress=first.progress)


@transaction.atomic
def _note_success(leased: Leased, sent: Sent, took_ms: int) -> None:
    first, channel = leased.first, leased.channel
    if _thread_of(leased) and sent.reference != "":
        _remember(leased, sent.reference)
    end(leased.rows, DeliveryStatus.DELIVERED, "")
    _note_attempt(first, sent, took_ms)
    if channel.failures or channel.failing_since:
        mine = Channel.objects.filter(pk=channel.pk)
        mine.update(failures=0, failing_since=None, rests_until=None, problem="")


@transaction.atomic
def _note_failure(leased: Leased, failure: SendFailed, took_ms: int) -> None:
    first, channel, now = leased.first, leased.channel, clock.now()
    due_at = retry_moment(channel, first, failure, now)
    _note_attempt(first, failure, took_ms)
    if due_at is None:
        end(leased.rows, DeliveryStatus.DEAD, failure.detail)
    else:
        for row in leased.rows:
            mine = Delivery.objects.filter(pk=row.pk, attempts=row.attempts, status=DeliveryStatus.WAITING)
            mine.update(due_at=due_at, is_leased=False, failed=F("failed") + 1, problem=failure.detail[:300])
    _note_trouble(channel, failure)


def _note_trouble(channel: Channel, failure: SendFailed) -> None:
    """A receiver that says no is there; one that doesn't answer makes its channel rest."""
    mine, now = Channel.objects.filter(pk=channel.pk), clock.now()
    if failure.is_permanent:
        # Endpoint before channel, as its owner's changes lock them.
        if channel.kind == ChannelKind.ENDPOINT:
            switch_off_gone(channel.pk)
        mine.update(problem=failure.detail[:300])
        return
    since = Coalesce("failing_since", Value(now))
    mine.update(failures=F("failures") + 1, failing_since=since, problem=failure.detail[:300])
    if (until := rest_until(channel, failure, now)) is not None:
        mine.update(rests_until=until)


def _remember(leased: Leased, reference: str | None) -> None:
    first = leased.first
    place: dict[str, Any] = {"channel": leased.channel, "recipient": first.recipient, "thread": first.thread}
    if reference is None:
        ThreadMark.objects.filter(**place).delete()
    else:
        ThreadMark.objects.update_or_create(**place, defaults={"reference": reference[:300], "updated_at": clock.now()})


def _note_attempt(first: Delivery, result: Sent | SendFailed, took_ms: int) -> None:
    DeliveryAttempt.objects.filter(delivery=first, number=first.attempts).update(
        is_success=isinstance(result, Sent),
        detail=result.detail[:300],
        took_ms=took_ms,
        code=result.code,
        excerpt=result.excerpt,
    )


def _ms(began: float) -> int:
    return int((time.monotonic() - began) * 1_000)
