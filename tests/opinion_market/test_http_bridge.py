import asyncio
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import pytest

from common.body_limit import BODY_REFUSED
from opinion_market.http_bridge import HttpBridge, environ

LIMIT = 1024


def scope(**changes: Any) -> dict[str, Any]:
    return {
        "type": "http", "method": "POST", "path": "/a b", "raw_path": b"/a%20b", "query_string": b"x=1", "headers": [],
        "http_version": "1.1", "scheme": "http", "client": ("10.0.0.1", 5), "server": ("site", 80),
    } | changes  # fmt: skip


class Client:
    """A server's side of ASGI: hands out body parts, keeps what was sent."""

    def __init__(self, *parts: bytes, is_complete: bool = True) -> None:
        self.parts = list(parts)
        self.is_complete = is_complete
        self.reads = 0
        self.sent: list[Any] = []
        self.gone = asyncio.Event()

    async def receive(self) -> dict[str, Any]:
        self.reads += 1
        if self.parts:
            part = self.parts.pop(0)
            return {"type": "http.request", "body": part, "more_body": bool(self.parts) or not self.is_complete}
        if self.is_complete:
            await self.gone.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: Any) -> None:
        self.sent.append(message)

    @property
    def body(self) -> bytes:
        return b"".join(message.get("body", b"") for message in self.sent)


def echo(values: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    start_response("201 Created", [("X-Path", values["PATH_INFO"])])
    return [values["wsgi.input"].read()]


@pytest.fixture
def bridge() -> Iterator[HttpBridge]:
    made = HttpBridge(echo, body_max_bytes=LIMIT, threads=2)
    yield made
    asyncio.run(made.shutdown())


def refuse(values: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    start_response("413 Content Too Large", [])
    return [f"told {values[BODY_REFUSED]}, read {len(values['wsgi.input'].read())}".encode()]


@pytest.fixture
def refusing() -> Iterator[HttpBridge]:
    made = HttpBridge(refuse, body_max_bytes=LIMIT, threads=1)
    yield made
    asyncio.run(made.shutdown())


async def test_parts_of_a_body_arrive_as_one(bridge: HttpBridge) -> None:
    client = Client(b"one ", b"two")
    await bridge(scope(), client.receive, client.send)
    assert client.sent[0] == {"type": "http.response.start", "status": 201, "headers": [(b"x-path", b"/a b")]}
    assert client.sent[1] == {"type": "http.response.body", "body": b"one two"}


async def test_a_head_request_gets_no_body(bridge: HttpBridge) -> None:
    client = Client(b"text")
    await bridge(scope(method="HEAD"), client.receive, client.send)
    assert (client.sent[0]["status"], client.body) == (201, b"")


async def test_a_declared_length_over_the_limit_is_refused_unread(refusing: HttpBridge) -> None:
    client = Client(b"x" * 2000)
    await refusing(scope(headers=[(b"content-length", b"1025")]), client.receive, client.send)
    assert (client.sent[0]["status"], client.reads) == (413, 0)
    assert (b"connection", b"close") in client.sent[0]["headers"]
    assert client.body == b"told 1024, read 0"


async def test_a_chunked_body_is_cut_at_the_limit(refusing: HttpBridge) -> None:
    client = Client(b"x" * 1000, b"x" * 25, b"never read")
    await refusing(scope(), client.receive, client.send)
    assert (client.sent[0]["status"], client.reads) == (413, 2)
    assert client.body == b"told 1024, read 0"


async def test_a_body_of_exactly_the_limit_passes(bridge: HttpBridge) -> None:
    client = Client(b"x" * LIMIT)
    await bridge(scope(), client.receive, client.send)
    assert (client.sent[0]["status"], len(client.body)) == (201, LIMIT)


async def test_a_client_that_leaves_while_sending_is_dropped(bridge: HttpBridge) -> None:
    client = Client(b"half", is_complete=False)
    await bridge(scope(), client.receive, client.send)
    assert client.sent == []


async def test_a_body_that_never_arrives_is_given_up(bridge: HttpBridge, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("opinion_market.http_bridge.BODY_S", 0.05)
    client = Client()
    await asyncio.wait_for(bridge(scope(), client.receive, client.send), 5)
    assert client.sent == []


async def test_a_long_answer_is_streamed_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("opinion_market.http_bridge.WHOLE_BYTES", 60_000)

    def application(values: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        start_response("200 OK", [])
        return (bytes([number]) * 50_000 for number in range(5))

    client = Client(b"")
    bridge = HttpBridge(application, body_max_bytes=LIMIT, threads=1)
    await bridge(scope(), client.receive, client.send)
    await bridge.shutdown()
    assert client.body == b"".join(bytes([number]) * 50_000 for number in range(5))
    assert len(client.sent) > 3
    assert "more_body" not in client.sent[-1]


async def test_a_client_who_stops_reading_keeps_no_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("opinion_market.http_bridge.CHUNK_S", 0.05)
    monkeypatch.setattr("opinion_market.http_bridge.WHOLE_BYTES", 60_000)

    def application(values: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        start_response("200 OK", [])
        return (b"x" * 50_000 for _ in range(5))

    async def stuck(message: Any) -> None:
        await asyncio.Event().wait()

    client = Client(b"")
    bridge = HttpBridge(application, body_max_bytes=LIMIT, threads=1)
    await asyncio.wait_for(bridge(scope(), client.receive, stuck), 5)
    await bridge(scope(), Client(b"").receive, client.send)
    await bridge.shutdown()
    assert len(client.body) == 250_000


async def test_an_answer_of_usual_length_needs_no_reader() -> None:
    def application(values: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        start_response("200 OK", [])
        return (b"x" * 50_000 for _ in range(5))

    client = Client(b"")
    bridge = HttpBridge(application, body_max_bytes=LIMIT, threads=1)
    await bridge(scope(), client.receive, client.send)
    await bridge.shutdown()
    assert [len(message.get("body", b"")) for message in client.sent] == [0, 250_000]


async def test_streaming_stops_when_the_client_has_gone() -> None:
    produced = []

    class Endless:
        closed = False

        def __iter__(self) -> Iterator[bytes]:
            while True:
                produced.append(1)
                yield b"x" * 70_000

        def close(self) -> None:
            self.closed = True

    chunks = Endless()

    def application(values: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        start_response("200 OK", [])
        return chunks

    client = Client(b"")
    bridge = HttpBridge(application, body_max_bytes=LIMIT, threads=1)
    asyncio.get_running_loop().call_later(0.05, client.gone.set)
    await asyncio.wait_for(bridge(scope(), client.receive, client.send), 10)
    await bridge.shutdown()
    assert chunks.closed
    assert produced


def test_environ_keeps_one_spelling_of_each_header() -> None:
    values = environ(
        scope(headers=[
            (b"host", b"site"), (b"x_forwarded_proto", b"https"), (b"cookie", b"a=1"), (b"cookie", b"b=2"),
            (b"accept", b"x"), (b"accept", b"y"), (b"transfer-encoding", b"chunked"), (b"content-type", b"text/plain"),
        ]),
        b"12345",
    )  # fmt: skip
    assert {key: value for key, value in values.items() if key.startswith(("HTTP_", "CONTENT_"))} == {
        "HTTP_HOST": "site", "HTTP_COOKIE": "a=1; b=2", "HTTP_ACCEPT": "x,y",
        "CONTENT_TYPE": "text/plain", "CONTENT_LENGTH": "5",
    }  # fmt: skip
    assert (values["PATH_INFO"], values["QUERY_STRING"], values["REMOTE_ADDR"]) == ("/a b", "x=1", "10.0.0.1")
