"""Receivers that are real servers, and channels that lead to them."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from alerting.engine.channels.content import MessageContent
from alerting.models import Channel, Delivery
from alerting.services.queue_message import queue_message
from alerting.services.save_channel import create_channel
from tests.common.outgoing.receivers import Behaviour, Receiver, receiver

Serve = Callable[[Behaviour], Receiver]
MakeChannel = Callable[..., Channel]
Queue = Callable[..., Delivery]


@pytest.fixture
def serve(settings: Any) -> Iterator[Serve]:
    with ExitStack() as stack:

        def start(behaviour: Behaviour) -> Receiver:
            found = stack.enter_context(receiver(behaviour))
            settings.OUTGOING_ALLOWED_HOSTS = (*settings.OUTGOING_ALLOWED_HOSTS, found.allowed)
            return found

        yield start


@pytest.fixture
def make_channel(db: None) -> MakeChannel:
    def make(name: str, kind: str, config: dict[str, Any], **more: Any) -> Channel:
        row = create_channel(actor_id=None, name=name, kind=kind, config=config, **more).row
        return Channel.objects.get(pk=row.id)

    return make


@pytest.fixture
def queue(db: None) -> Queue:
    def put(channel: Channel, key: str = "k1", title: str = "CPU", **more: Any) -> Delivery:
        fields = {"text": "cpu_usage is 97", "severity": "critical"} | more.pop("content", {})
        found = queue_message(key=key, channel=channel.name, content=MessageContent(title, **fields), **more)
        assert found is not None
        return Delivery.objects.get(pk=found)

    return put
