"""A client of the stream for tests: a book kept as docs/streams.md tells clients to."""

import asyncio
import json
from decimal import Decimal
from functools import cache
from typing import Any, Self
from zlib import crc32

from channels.testing import WebsocketCommunicator
from jsonschema import Draft7Validator

from opinion_market.sockets import websocket_application
from trading.api.stream_document import asyncapi_document
from trading.selectors.books import book_view

ORIGIN = (b"origin", b"http://testserver")
STREAM = "/ws/v1/stream"
HOST = (b"host", b"testserver")
Frame = dict[str, Any]


class Socket:
    """``async with Socket() as socket``; frames that nobody asked for yet wait in order."""

    def __init__(self, *headers: tuple[bytes, bytes], path: str = STREAM) -> None:
        self._path = path
        self._communicator = WebsocketCommunicator(websocket_application, path, [HOST, *(headers or (ORIGIN,))])
        self.close_code: int | None = None
        self.close_reason: str | None = None

    async def connect(self) -> bool:
        is_open, code = await self._communicator.connect(timeout=5)
        self.close_code = None if is_open else code
        return bool(is_open)

    async def __aenter__(self) -> Self:
        assert await self.connect()
        return self

    async def __aexit__(self, *error: object) -> None:
        await self._communicator.disconnect()

    async def send(self, text: str | None = None, **fields: Any) -> None:
        await self._communicator.send_to(text_data=json.dumps(fields) if text is None else text)

    async def send_bytes(self, data: bytes) -> None:
        await self._communicator.send_to(bytes_data=data)

    async def next_any(self, timeout: float = 10) -> Frame:
        message = await self._communicator.receive_output(timeout)
        if message["type"] == "websocket.close":
            self.close_code, self.close_reason = message["code"], message.get("reason")
            return {"type": "closed", "code": message["code"]}
        frame: Frame = json.loads(message["text"])
        if self._path == STREAM:
            check_frame(frame)
        return frame

    async def next_array(self) -> list[Frame]:
        """The next message of one who asked for arrays."""
        message = await self._communicator.receive_output(10)
        frames: list[Frame] = json.loads(message["text"])
        for frame in frames:
            check_frame(frame)
        return frames

    async def next(self) -> Frame:
        """The next frame that isn't about the connection."""
        async with asyncio.timeout(10):
            frame = await self.next_any()
            while frame["type"] in ("tick", "notice"):
                frame = await self.next_any()
            return frame

    async def next_of(self, kind: str) -> Frame:
        """The next frame that is a ``kind``; others before it are dropped."""
        frame = await self.next_any()
        while frame["type"] != kind:
            assert frame["type"] != "closed", frame
            frame = await self.next_any()
        return frame

    async def ask(self, cmd: str, **params: Any) -> Frame:
        await self.send(id=1, cmd=cmd, **({"params": params} if params else {}))
        return await self.next()

    async def is_silent(self) -> bool:
        return bool(await self._communicator.receive_nothing(timeout=0.3))


def check_frame(frame: Frame) -> None:
    """A frame is one of those that the AsyncAPI document tells."""
    kind = frame["type"]
    if kind == "notice" and "sid" not in frame:
        kind = "connection"
    validators = frame_validators()
    found = validators.get(f"frame.{kind}") or validators[f"answer.{kind}"]
    found.validate(frame)


@cache
def frame_validators() -> dict[str, Any]:
    document = asyncapi_document()
    components = {"components": document["components"]}
    return {
        name: Draft7Validator({**components, **message["payload"]})
        for name, message in document["components"]["messages"].items()
    }


class ClientBook:
    """Levels by (outcome, side, price) in decimals, checked against every checksum."""

    def __init__(self) -> None:
        self.seq = 0
        self.sizes: dict[tuple[str, str, str], Decimal] = {}
        self.checksums = 0

    def take(self, frame: Frame) -> None:
        data = frame["data"]
        if frame["type"] == "book.snapshot":
            self.sizes = {
                (book["outcome"], side, price): Decimal(size)
                for book in data["books"]
                for side in ("bid", "ask")
                for price, size in book[f"{side}s"]
            }
        else:
            assert frame["type"] == "book.delta"
            assert frame["seq"] == self.seq + 1, "no gap"
            for change in data["changes"]:
                self._add((change["outcome"], change["side"], change["price"]), Decimal(change["change"]))
        self.seq = frame["seq"]
        if "checksum" in data:
            assert data["checksum"] == self.checksum()
            self.checksums += 1

    def checksum(self) -> int:
        total = 0
        for (outcome, side, price), size in self.sizes.items():
            total ^= crc32(f"{outcome} {side} {price} {size.normalize():f}".encode())
        return total

    def _add(self, key: tuple[str, str, str], change: Decimal) -> None:
        size = self.sizes.pop(key, Decimal(0)) + change
        assert size >= 0
        if size:
            self.sizes[key] = size


def stored_book(market_id: int, *, is_binary: bool = True) -> tuple[int, dict[tuple[str, str, str], Decimal]]:
    """The same as the API's book tells it."""
    view = book_view(market_id, depth=10_000)
    assert view is not None
    sizes = {}
    for book in view.outcomes[:1] if is_binary else view.outcomes:
        for side, levels in (("bid", book.bids), ("ask", book.asks)):
            for level in levels:
                price, size = Decimal(level.price) / 10_000, Decimal(level.quantity) / 10_000
                sizes[book.slug, side, f"{price:.4f}"] = size
    return view.seq, sizes
