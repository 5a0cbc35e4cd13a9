"""New lines of people's notifications, for the endpoints of those who want them.

Contract   In the transaction that writes the lines.
"""

import hashlib
from collections.abc import Sequence

from alerting.engine.webhooks.catalogue import NOTICE
from alerting.models import Notification, WebhookEndpoint
from alerting.services.webhooks._queueing import Event, Listener, listener_of, queue


def queue_notices(lines: Sequence[Notification]) -> None:
    endpoints = WebhookEndpoint.objects.filter(switched_off="", user__in={line.user_id for line in lines})
    found = [listener_of(endpoint) for endpoint in endpoints if NOTICE in endpoint.events]
    queue(_event(listener, line) for line in lines for listener in found if listener.user_id == line.user_id)


def _event(listener: Listener, line: Notification) -> Event:
    digest = hashlib.sha256(f"{line.key} {line.updated_at.isoformat()}".encode()).hexdigest()[:32]
    data = {
        "kind": line.kind,
        "key": line.key,
        "title": line.title,
        "text": line.text,
        "url": line.url,
        "severity": line.severity,
    }
    return Event(listener, f"n-{digest}", NOTICE, line.updated_at, data)
