"""Put a message into the outbox.

Contract   In the transaction of what it is about: both are there, or neither is. The same ``key`` again changes
           nothing, so whoever isn't sure asks again. Nothing is sent here.
Publishes  DeliveryQueued
"""

from datetime import datetime

from alerting.engine.channels.content import MessageContent, document_of
from alerting.events import DeliveryQueued
from alerting.models import Channel, ChannelKind, Delivery
from common import clock
from common.bus import publish_on_commit


def queue_message(
    *,
    key: str,
    channel: str,
    content: MessageContent,
    thread: str = "",
    deadline_at: datetime | None = None,
    source: str = "group",
    reason: str = "",
    recipient: str = "",
    user_id: int | None = None,
) -> int | None:
    """The id of the delivery; None when there is no such channel, or it is switched off.

    ``recipient`` is for one person instead of those that the channel names.
    """
    enabled = Channel.objects.filter(name__iexact=channel, is_enabled=True)
    channel_id = enabled.exclude(kind=ChannelKind.ENDPOINT).values_list("pk", flat=True).first()
    if channel_id is None:
        return None
    now = clock.now()
    row = Delivery(
        key=key,
        channel_id=channel_id,
        recipient=recipient,
        user_id=user_id,
        source=source,
        thread=thread,
        content=document_of(content),
        reason=reason,
        created_at=now,
        due_at=now,
        deadline_at=deadline_at,
    )
    Delivery.objects.bulk_create([row], ignore_conflicts=True)
    publish_on_commit(DeliveryQueued(channel_id))
    return Delivery.objects.values_list("pk", flat=True).get(key=key)
