"""How long a message waits after a failure, and its channel with it: integrators' endpoints by a ladder of days, the
channels of operators by what they say themselves.
"""

import random
from datetime import datetime, timedelta

from alerting.engine.channels.retrying import rest_s, retry_at
from alerting.engine.webhooks import ladder
from alerting.models import Channel, ChannelKind, Delivery
from alerting.services._senders.outgoing import SendFailed


def retry_moment(channel: Channel, first: Delivery, failure: SendFailed, now: datetime) -> datetime | None:
    """None when the message isn't tried again."""
    if failure.is_permanent:
        return None
    if channel.kind == ChannelKind.ENDPOINT:
        wait_s = ladder.next_try_s(first.failed + 1, asked_s=failure.asked_s, share=random.random())
        return None if wait_s is None else now + timedelta(seconds=wait_s)
    at = retry_at(
        attempts=first.failed + 1,
        retry_attempts=channel.retry_attempts,
        now=now.timestamp(),
        deadline_at=None if first.deadline_at is None else first.deadline_at.timestamp(),
        asked_s=failure.asked_s,
    )
    return None if at is None else now + timedelta(seconds=at - now.timestamp())


def rest_until(channel: Channel, failure: SendFailed, now: datetime) -> datetime | None:
    """None when the channel goes on with its other messages."""
    failures = channel.failures + 1
    if channel.kind == ChannelKind.ENDPOINT:
        rest = ladder.rest_s(failures, status=failure.code, asked_s=failure.asked_s)
    else:
        rest = rest_s(failures)
    return now + timedelta(seconds=rest) if rest else None
