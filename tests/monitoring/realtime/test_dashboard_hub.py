"""Sockets of dashboards: who gets in and out, what they are told, and what they can know they missed."""

import asyncio
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.conf import settings as django_settings
from django.contrib.auth.models import Group

from accounts.models import User
from accounts.services.create_api_key import create_api_key
from accounts.services.revoke_api_key import revoke_api_key
from accounts.types import Role
from common.sockets.consumer import FRAMES, SOCKETS
from common.sockets.hub import dismiss_all
from monitoring.realtime import dashboard_hub, live_frames
from monitoring.realtime.dashboard_hub import Hub
from monitoring.realtime.mailbox import Mailbox
from opinion_market.local.redis import EmbeddedRedis
from opinion_market.local.sockets import prepare
from tests.factories.accounts import make_alice, make_dave
from tests.monitoring.telling import forget_all, frame, tell
from tests.trading.realtime.socket import HOST, ORIGIN, Frame, Socket

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.redis]
PATHS = ("/api/v1/performance-dashboard/ws", "/api/v1/advanced-dashboard/ws")
PATH = PATHS[0]
tell_soon = sync_to_async(tell)
Header = tuple[bytes, bytes]


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(dashboard_hub, "CREDENTIALS_S", 0.2)
    yield
    forget_all()


@pytest.fixture
def dave(transactional_db: None) -> User:
    return make_dave()


@pytest.fixture
def cookie(dave: User, client: Any) -> Header:
    client.force_login(dave)
    return b"cookie", f"sessionid={client.cookies['sessionid'].value}".encode()


@sync_to_async
def make_key(user: User, scope: str = "read") -> tuple[int, Header]:
    key = create_api_key(user_id=user.pk, name=f"key {scope}", scopes=[scope])
    return key.key_id, (b"authorization", f"Bearer {key.secret}".encode())


async def metrics_after(socket: Socket, told: Any, *, seq: int = 0) -> Frame:
    """The first frame of values after ``seq``, while ``told`` goes on telling each second."""
    while True:
        frame = await socket.next_of("metrics")
        if frame["seq"] > seq:
            return frame


class Telling:
    """Two processes that tell each second, while it lasts."""

    async def __aenter__(self) -> "Telling":
        self.task = asyncio.ensure_future(self._tell())
        return self

    async def __aexit__(self, *error: object) -> None:
        self.task.cancel()

    async def _tell(self) -> None:
        while True:
            second = int(time.time()) + 1
            await asyncio.sleep(second - time.time())
            await tell_soon(frame(second), frame(second, process="web-h-2", gauges={"machine_cpu_ratio": 0.9}))


@pytest.mark.parametrize("path", [*PATHS, f"{PATH}/"])
async def test_each_second_a_frame_of_all_processes(cookie: Header, path: str) -> None:
    async with Telling(), Socket(ORIGIN, cookie, path=path) as socket:
        hello = await socket.next_any()
        assert hello == {"type": "hello", "protocol": 1, "every_s": 1, "seq": None}
        first = await socket.next_of("metrics")
        second = await socket.next_of("metrics")
        assert second["seq"] == first["seq"] + 1
        assert second["values"]["throughput"] is not None
        assert second["values"]["cpu_usage"] == 90.0
        assert second["values"]["queue_age"] is None
        assert second["status"]["cpu_usage"] == "critical"
        assert second["health"]["status"] == "critical"
        assert second["ts"].endswith(".000Z")
        assert len(second["values"]) == 50 or "health_score" in second["values"]


async def test_a_second_that_cant_be_worked_out_costs_that_second(
    cookie: Header, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    real, failed = live_frames.metrics, []

    def metrics(second: int, *rest: Any, **more: Any) -> str:
        if not failed:
            failed.append(second)
            raise TypeError("of another version")
        return real(second, *rest)

    monkeypatch.setattr(live_frames, "metrics", metrics)
    async with Telling(), Socket(ORIGIN, cookie, path=PATH) as socket:
        await socket.next_of("hello")
        assert (await socket.next_of("metrics"))["seq"] > failed[0]
    assert f"The measurements of second {failed[0]} can't be worked out." in caplog.messages


async def test_who_comes_later_sees_the_newest_at_once_and_the_same_numbers(cookie: Header) -> None:
    async with Telling(), Socket(ORIGIN, cookie, path=PATH) as one:
        await one.next_of("metrics")
        async with Socket(ORIGIN, cookie, path=PATH) as two:
            hello = await two.next_any()
            newest = await two.next_any()
            assert (newest["type"], newest["seq"]) == ("metrics", hello["seq"])
            assert (await one.next_of("metrics"))["seq"] == (await two.next_of("metrics"))["seq"]


async def test_a_ping_is_answered_and_anything_else_explained(cookie: Header) -> None:
    async with Socket(ORIGIN, cookie, path=PATH) as socket:
        await socket.next_of("hello")
        await socket.send(cmd="ping", id=7)
        assert await socket.next_of("pong") == {"type": "pong", "id": 7}
        for text in ("nonsense", "[]", '{"cmd": "subscribe", "id": 8}'):
            await socket.send(text)
            assert (await socket.next_of("error"))["detail"].startswith("Send")
        await socket.send_bytes(b"x")
        assert (await socket.next_of("error"))["id"] is None
        await socket.send("x" * 2000)
        assert await socket.next_any() == {"type": "closed", "code": 1009}


async def test_refused_before_it_opens(dave: User, cookie: Header, client: Any) -> None:
    alice = await sync_to_async(make_alice)()
    _, no_staff = await make_key(alice)
    _, no_scope = await make_key(dave, "trade")
    await sync_to_async(client.force_login)(alice)
    session = (b"cookie", f"sessionid={client.cookies['sessionid'].value}".encode())
    refused: list[list[Header]] = [
        [HOST],
        [ORIGIN],
        [cookie],
        [(b"origin", b"http://evil.example"), cookie],
        [no_staff],
        [no_scope],
        [ORIGIN, session],
        [(b"authorization", b"Bearer omk_wrong")],
    ]
    for headers in refused:
        assert await Socket(*headers, path=PATH).connect() is False, headers
    async with asyncio.timeout(5):
        while len(asyncio.all_tasks()) > 1:
            await asyncio.sleep(0.02)


async def test_a_key_of_staff_gets_in_until_it_is_revoked(dave: User) -> None:
    key_id, header = await make_key(dave)
    async with Socket(header, path=PATH) as socket:
        assert (await socket.next_any())["type"] == "hello"
        await sync_to_async(revoke_api_key)(user_id=dave.pk, key_id=key_id)
        assert await socket.next_any() == {"type": "closed", "code": 4401}


@pytest.mark.parametrize("end", ["logout", "suspension", "role"])
async def test_a_session_is_shown_out_when_it_ends_or_may_no_longer(
    dave: User, cookie: Header, client: Any, end: str
) -> None:
    async with Socket(ORIGIN, cookie, path=PATH) as socket:
        assert (await socket.next_any())["type"] == "hello"
        if end == "logout":
            await sync_to_async(client.logout)()
        elif end == "suspension":
            await User.objects.filter(pk=dave.pk).aupdate(is_active=False)
        else:
            await sync_to_async(dave.groups.remove)(await Group.objects.aget(name=Role.OPERATOR.value))
        assert await socket.next_any() == {"type": "closed", "code": 4401}


async def test_an_account_and_a_process_have_so_many(
    cookie: Header, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dashboard_hub, "ACCOUNT_SOCKETS_MAX", 1)
    async with Socket(ORIGIN, cookie, path=PATH) as first:
        assert (await first.next_any())["type"] == "hello"
        async with Socket(ORIGIN, cookie, path=PATH) as refused:
            assert await refused.next_any() == {"type": "closed", "code": 4429}
        settings.STREAM_CONNECTIONS_MAX = 1
        async with Socket(ORIGIN, cookie, path=PATH) as refused:
            assert await refused.next_any() == {"type": "closed", "code": 1013}


async def test_open_sockets_and_what_they_are_sent_are_counted(cookie: Header, dave: User) -> None:
    before, sent = SOCKETS.value or 0.0, FRAMES.value
    async with Socket(ORIGIN, cookie, path=PATH) as socket:
        await socket.next_of("hello")
        await socket.send(cmd="ping", id=1)
        await socket.next_of("pong")
        assert SOCKETS.value == before + 1
    assert await Socket(HOST, path=PATH).connect() is False
    assert SOCKETS.value == before
    assert FRAMES.value - sent == 2


async def test_a_shutdown_asks_to_come_back(cookie: Header) -> None:
    async with Socket(ORIGIN, cookie, path=PATH) as socket:
        assert (await socket.next_any())["type"] == "hello"
        leaving = asyncio.ensure_future(dismiss_all())
        assert await socket.next_any() == {"type": "closed", "code": 1012}
        await leaving


async def test_what_is_no_frame_ends_nothing(cookie: Header, caplog: pytest.LogCaptureFixture) -> None:
    async with Telling(), Socket(ORIGIN, cookie, path=PATH) as socket:
        seq = (await socket.next_of("metrics"))["seq"]
        hub = Hub.join(Mailbox(lambda code: None))
        hub.take(b"{}")
        hub.take(b"\xff")
        assert (await metrics_after(socket, None, seq=seq))["seq"] > seq
        await hub.leave(next(client for client in hub.clients if not client.owner))
    assert "is no frame" in caplog.text


async def test_nobody_measuring_is_told(cookie: Header, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dashboard_hub, "SILENCE_S", 1)
    async with Socket(ORIGIN, cookie, path=PATH) as socket:
        assert (await socket.next_any())["type"] == "hello"
        assert (await socket.next_of("notice"))["code"] == "paused"
        async with Telling():
            assert (await socket.next_of("notice"))["code"] == "live"
            assert (await socket.next_of("metrics"))["type"] == "metrics"


async def test_the_loss_and_return_of_redis_is_a_gap_that_shows(
    cookie: Header, settings: Any, tmp_path_factory: pytest.TempPathFactory
) -> None:
    directory = prepare(Path(django_settings.REDIS_URL.removeprefix("unix://")).parent / "third")
    server = EmbeddedRedis(data_dir=directory / "redis", socket_dir=directory)
    settings.REDIS_URL = server.url()
    server.start()
    try:
        async with Socket(ORIGIN, cookie, path=PATH) as socket:
            async with Telling():
                before = (await socket.next_of("metrics"))["seq"]
            server.stop()
            assert (await socket.next_of("notice"))["code"] == "paused"
            await asyncio.sleep(1.1)
            server.start()
            async with Telling():
                assert (await socket.next_of("notice"))["code"] == "live"
                after = (await socket.next_of("metrics"))["seq"]
            assert after > before + 1
    finally:
        server.stop()
