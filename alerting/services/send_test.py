"""A real test through the real path: the outbox, the worker, the channel."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

from alerting.engine.channels.content import MessageContent
from alerting.services.queue_message import queue_message


@dataclass(frozen=True, slots=True)
class SentTest:
    """``delivery_id`` is None for a channel that doesn't exist or is switched off."""

    channel: str
    delivery_id: int | None


def send_test(*, channels: Sequence[str], content: MessageContent) -> list[SentTest]:
    """Queue ``content`` for each channel; how it went is told by ``alerting.selectors.deliveries``."""
    mark = secrets.token_hex(8)
    with transaction.atomic():
        return [
            SentTest(
                name,
                queue_message(key=f"test-{mark}-{number}", channel=name, content=content, source="test", reason="test"),
            )
            for number, name in enumerate(channels)
        ]
