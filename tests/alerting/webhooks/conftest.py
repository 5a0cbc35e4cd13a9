"""Alice's endpoint, which is a real server, and a market that she and bob trade in."""

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

import pytest

from accounts.models import User
from alerting.models import WebhookEndpoint
from alerting.services._leasing import due_endpoints
from alerting.services.deliver import deliver_channel
from alerting.services.webhooks.queue_events import queue_events
from alerting.services.webhooks.save_endpoint import create_endpoint
from tests.common.outgoing.receivers import Behaviour, Receiver, answering, receiver

Serve = Callable[[Behaviour], Receiver]


@dataclass
class Hook:
    """An endpoint with the server it leads to."""

    id: int
    secret: str
    server: Receiver

    @property
    def row(self) -> WebhookEndpoint:
        return WebhookEndpoint.objects.select_related("channel").get(pk=self.id)

    def bodies(self) -> list[dict[str, Any]]:
        return [json.loads(request.partition(b"\r\n\r\n")[2]) for request in self.server.requests]

    def types(self) -> list[str]:
        return [body["type"] for body in self.bodies()]

    def headers(self, number: int = -1) -> dict[str, str]:
        head = self.server.requests[number].partition(b"\r\n\r\n")[0].decode()
        return dict(line.split(": ", 1) for line in head.split("\r\n")[1:])


MakeHook = Callable[..., Hook]


@pytest.fixture
def serve(settings: Any) -> Iterator[Serve]:
    with ExitStack() as stack:

        def start(behaviour: Behaviour) -> Receiver:
            found = stack.enter_context(receiver(behaviour))
            settings.OUTGOING_ALLOWED_HOSTS = (*settings.OUTGOING_ALLOWED_HOSTS, found.allowed)
            return found

        yield start


@pytest.fixture
def make_hook(serve: Serve) -> MakeHook:
    def make(user: User, *events: str, behaviour: Behaviour | None = None, **more: Any) -> Hook:
        server = serve(behaviour or answering())
        made = create_endpoint(user_id=user.pk, url=server.url("/in"), events=events or ("*",), **more)
        return Hook(made.id, made.secret, server)

    return make


def work() -> int:
    """One round of the sweep and of the outbox."""
    queued = queue_events()
    for channel_id in due_endpoints():
        deliver_channel(channel_id=channel_id)
    return queued
