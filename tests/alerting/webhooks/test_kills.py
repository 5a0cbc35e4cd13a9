"""A process that is killed at any step loses nothing: real processes, real commits, real requests."""

import os
import signal
import subprocess
import sys
from collections import Counter

import pytest
from django.db import connection

from alerting.models import Channel, Delivery, WebhookCursor
from alerting.services._leasing import due_endpoints
from alerting.services.deliver import deliver_channel
from alerting.services.webhooks.queue_events import queue_events
from tests.alerting.webhooks.conftest import MakeHook
from tests.factories.trading import funded_alice, live_market, place

pytestmark = pytest.mark.django_db(transaction=True)
#: The step named by the first argument is the last one that the process reaches; after it, if the second is "after".
_WORKER = """
import os, signal, sys
from django.conf import settings
settings.DATABASES["default"]["NAME"] = {name!r}
settings.OUTGOING_ALLOWED_HOSTS = {allowed!r}
import django
django.setup()
from alerting.services import deliver
from alerting.services._leasing import due_endpoints
from alerting.services.webhooks import queue_events
modules = {{"queue": queue_events, "deliver": deliver}}
module, step, is_after = modules[sys.argv[1]], sys.argv[2], sys.argv[3] == "after"
real = getattr(module, step)
def die(*args, **kwargs):
    if is_after:
        real(*args, **kwargs)
    os.kill(os.getpid(), signal.SIGKILL)
setattr(module, step, die)
queue_events.queue_events()
for channel_id in due_endpoints():
    deliver.deliver_channel(channel_id=channel_id)
"""


def _killed(server: str, module: str, step: str, when: str) -> None:
    script = _WORKER.format(name=connection.settings_dict["NAME"], allowed=(server,))
    ran = subprocess.run(
        [sys.executable, "-c", script, module, step, when], env={**os.environ}, check=False, capture_output=True
    )
    assert ran.returncode == -signal.SIGKILL, ran.stderr.decode()


def _finish() -> None:
    queue_events()
    # What the dead process had leased comes back when the lease is over.
    Delivery.objects.filter(status="waiting").update(due_at="2026-01-01T00:00:00Z")
    Channel.objects.update(rests_until=None)
    for channel_id in due_endpoints():
        deliver_channel(channel_id=channel_id)


@pytest.mark.parametrize(
    ("module", "step", "when", "duplicates"),
    [
        # The orders are committed, and nobody has looked yet.
        ("queue", "_queue_step", "before", 0),
        # Queued in a transaction that never commits.
        ("queue", "queue_records", "after", 0),
        # Committed, and nobody was nudged.
        ("queue", "_queue_step", "after", 0),
        ("deliver", "lease_next", "after", 0),
        # The receiver said yes, and nobody noted it: it comes again with the same id.
        ("deliver", "_note_success", "before", 1),
        ("deliver", "_note_success", "after", 0),
    ],
)
def test_a_worker_that_is_killed_loses_nothing(
    module: str, step: str, when: str, duplicates: int, make_hook: MakeHook
) -> None:
    alice = funded_alice()
    hook = make_hook(alice, "market.opened", "order.placed")
    market = live_market()
    for _ in range(3):
        place(alice, market, "buy", 0, price=0.1, shares=1)
    _killed(hook.server.allowed, module, step, when)
    _finish()
    assert WebhookCursor.objects.get(pk=market.pk).seq == 5
    assert set(Delivery.objects.values_list("status", flat=True)) == {"delivered"}
    told = Counter(hook.headers(number)["webhook-id"] for number in range(len(hook.server.requests)))
    assert len(told) == 4
    assert sum(told.values()) - len(told) == duplicates
    assert sorted(body["type"] for body in {body["data"]["seq"]: body for body in hook.bodies()}.values()) == [
        "market.opened", *["order.placed"] * 3,
    ]  # fmt: skip
