"""The socket of the bell: greets, rings at once, refuses whoever isn't signed in."""

import pytest
from asgiref.sync import sync_to_async
from django.test import Client

from alerting.models import Notification
from alerting.realtime.bell_channel import ring
from alerting.services._notices import write_notices
from alerting.services.read_notifications import read_notifications
from tests.factories.accounts import make_alice, make_bob
from tests.trading.realtime.socket import ORIGIN, Socket

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.redis]


def _cookie(client: Client) -> tuple[bytes, bytes]:
    return (b"cookie", f"sessionid={client.cookies['sessionid'].value}".encode())


def _signed_in() -> tuple[bytes, bytes]:
    client = Client()
    client.force_login(make_alice())
    return _cookie(client)


async def test_the_bell_rings_at_once() -> None:
    cookie = await sync_to_async(_signed_in)()
    alice, bob = await sync_to_async(make_alice)(), await sync_to_async(make_bob)()
    async with Socket(ORIGIN, cookie, path="/ws/v1/notifications") as socket:
        assert await socket.next_any() == {"type": "notifications", "unread": 0, "newest": None}
        await sync_to_async(write_notices)([bob.pk], kind="fill", key="b", title="Of bob")
        await sync_to_async(write_notices)([alice.pk], kind="fill", key="a", title="Filled", url="/markets/x")
        await sync_to_async(ring)(alice.pk)
        frame = await socket.next_any()
        while frame["unread"] == 0:
            frame = await socket.next_any()
        assert (frame["unread"], frame["newest"]["title"], frame["newest"]["url"]) == (1, "Filled", "/markets/x")
        newest = await sync_to_async(Notification.objects.latest)("id")
        await sync_to_async(read_notifications)(user_id=alice.pk, upto_id=newest.pk)
        await sync_to_async(ring)(alice.pk)
        while frame["unread"]:
            frame = await socket.next_any()
        assert frame["newest"] is None


async def test_visitors_are_refused() -> None:
    assert not await Socket(path="/ws/v1/notifications").connect()
