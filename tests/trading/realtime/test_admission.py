"""Who gets in, and who is shown out."""

import asyncio
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.contrib.auth import get_user_model

from accounts.models import User
from accounts.selectors.admission import is_own_origin, owner_of
from accounts.selectors.keys import forget_all_keys
from accounts.services.create_api_key import create_api_key
from accounts.services.revoke_api_key import revoke_api_key
from accounts.types import Visitor
from tests.trading.realtime.socket import HOST, ORIGIN, Socket
from trading.realtime.client import Client
from trading.realtime.hub import Hub

uses_database = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize(
    ("origin", "is_own"),
    [
        ("http://testserver", True),
        ("https://testserver", True),
        ("http://TESTSERVER", True),
        ("https://friend.example", True),
        ("https://a.club.example", True),
        ("http://friend.example", False),
        ("https://friend.example:444", False),
        ("https://aclub.example", False),
        ("http://testserver:8080", False),
        ("http://sub.testserver", False),
        ("http://testserver.evil.example", False),
        ("http://evil.example", False),
        ("http://evil.example/testserver", False),
        ("http://testserver@evil.example", False),
        ("ftp://testserver", False),
        ("null", False),
        ("", False),
        ("http://[", False),
        ("testserver", False),
    ],
)
def test_origins(origin: str, is_own: bool, settings: Any) -> None:
    settings.CSRF_TRUSTED_ORIGINS = ["https://friend.example", "https://*.club.example"]
    assert is_own_origin(origin, "testserver") is is_own


def test_a_host_that_is_not_ours_makes_no_origin_ours() -> None:
    assert is_own_origin("http://evil.example", "evil.example") is False


def test_with_secure_cookies_only_https_counts(settings: Any) -> None:
    settings.SESSION_COOKIE_SECURE = True
    assert is_own_origin("http://testserver", "testserver") is False
    assert is_own_origin("https://testserver", "testserver") is True


@uses_database
@pytest.mark.parametrize(
    "headers",
    [
        [],
        [(b"origin", b"http://evil.example")],
        [(b"origin", b"null")],
        [(b"authorization", b"Bearer omk_wrong")],
        [(b"authorization", b"Basic YTpi")],
        [(b"authorization", b"Bearer")],
        [ORIGIN, (b"authorization", b"Bearer omk_wrong")],
    ],
)
async def test_refused_before_it_opens(headers: list[tuple[bytes, bytes]]) -> None:
    socket = Socket(*(headers or [HOST]))
    assert await socket.connect() is False


async def test_other_paths_are_refused() -> None:
    assert await Socket(path="/ws/v1/other").connect() is False


@sync_to_async
def make_key(user: User, scope: str) -> tuple[int, tuple[bytes, bytes]]:
    key = create_api_key(user_id=user.pk, name=scope, scopes=[scope])
    return key.key_id, (b"authorization", f"Bearer {key.secret}".encode())


@uses_database
async def test_a_key_opens_with_the_scope_read_and_closes_when_revoked(
    alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("trading.realtime.hub.CREDENTIALS_S", 0.2)
    _, trade = await make_key(alice, "trade")
    assert await Socket(trade).connect() is False
    key_id, header = await make_key(alice, "read")
    async with Socket(header) as socket:
        assert (await socket.ask("ping"))["type"] == "pong"
        await sync_to_async(revoke_api_key)(user_id=alice.pk, key_id=key_id)
        assert await socket.next() == {"type": "closed", "code": 4401}
        assert socket.close_reason == "Signed out, key revoked or expired, or account suspended."
    forget_all_keys()
    assert await Socket(header).connect() is False


@uses_database
@pytest.mark.parametrize("end", ["logout", "suspension", "new password"])
async def test_a_session_closes_when_it_ends(
    alice: User, client: Any, monkeypatch: pytest.MonkeyPatch, end: str
) -> None:
    monkeypatch.setattr("trading.realtime.hub.CREDENTIALS_S", 0.2)
    await sync_to_async(client.force_login)(alice)
    cookie = (b"cookie", f"sessionid={client.cookies['sessionid'].value}".encode())
    async with Socket(ORIGIN, cookie) as socket:
        assert (await socket.ask("ping"))["type"] == "pong"
        if end == "logout":
            await sync_to_async(client.logout)()
        elif end == "suspension":
            await get_user_model().objects.filter(pk=alice.pk).aupdate(is_active=False)
        else:
            await get_user_model().objects.filter(pk=alice.pk).aupdate(password="other")
        assert await socket.next() == {"type": "closed", "code": 4401}


@uses_database
async def test_a_hub_that_is_left_at_once_stops(alice: User) -> None:
    for _ in range(20):
        hub = Hub.join(Client(lambda code: None))
        await asyncio.sleep(0)
        async with asyncio.timeout(5):
            await hub.leave(next(iter(hub.clients)))
        assert len(asyncio.all_tasks()) == 1


@uses_database
async def test_an_account_and_a_network_have_so_many_sockets(alice: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("trading.realtime.hub.ACCOUNT_SOCKETS_MAX", 2)
    monkeypatch.setattr("trading.realtime.hub.NETWORK_SOCKETS_MAX", 1)
    _, header = await make_key(alice, "read")
    async with Socket() as nobody, Socket(header) as first:
        async with Socket(header) as second:
            for headers in ([ORIGIN], [header]):
                async with Socket(*headers) as refused:
                    assert await refused.next_any() == {"type": "closed", "code": 4429}
                    assert refused.close_reason == "Too many sockets: close one of yours first."
            for socket in (nobody, first, second):
                assert (await socket.ask("ping"))["type"] == "pong"
        async with Socket(header) as next_one:
            assert (await next_one.ask("ping"))["type"] == "pong"


@uses_database
async def test_a_process_has_so_many_sockets(alice: User, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.STREAM_CONNECTIONS_MAX = 1
    async with Socket() as first:
        async with Socket() as refused:
            assert await refused.next_any() == {"type": "closed", "code": 1013}
            assert refused.close_reason == "The server has no more sockets to give: try again later."
        assert (await first.ask("ping"))["type"] == "pong"
    # A place is given back however the socket ends.
    with monkeypatch.context() as broken:
        broken.setattr("trading.consumers.StreamConsumer.owner_of", staticmethod(lambda *_: 1 / 0))
        with pytest.raises(ZeroDivisionError):
            await Socket().connect()
    async with Socket() as again:
        assert (await again.ask("ping"))["type"] == "pong"


@pytest.mark.parametrize(
    ("visitor", "forwarded", "owner"),
    [
        (Visitor(user_id=7), "", "user:7"),
        (Visitor(), "", "network:192.0.2.1"),
        (Visitor(), "198.51.100.9, 2001:db8::5", "network:2001:db8::"),
    ],
)
def test_whose_sockets_are_counted_together(visitor: Visitor, forwarded: str, owner: str, settings: Any) -> None:
    settings.TRUSTED_PROXIES = 1 if forwarded else 0
    assert owner_of(visitor, {"x-forwarded-for": forwarded} if forwarded else {}, "192.0.2.1") == owner
