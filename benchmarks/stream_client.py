"""Many sockets of the stream in one process: `python -m benchmarks.stream_client`, told where by a line of JSON.

Contract   Reads each frame's market and number and when it came, nothing else, so that it takes little of the machine
           that serves the sockets as well. Prints READY when all are subscribed, what came after SIGTERM.
Why        A general WebSocket client costs several times what the server does for a frame.
"""

import asyncio
import base64
import json
import os
import re
import signal
import struct
import sys
import time
from array import array
from typing import Any, Final

#: Handshakes at once.
OPENING: Final = 50
_DELTA: Final = re.compile(rb'"type":"book\.delta","market_id":(\d+),"seq":(\d+)')
_CLOSE: Final = 8


class Socket(asyncio.Protocol):
    """One connection: an HTTP upgrade, one command, then frames."""

    def __init__(self, address: str, key: str, markets: list[int], batch_ms: int) -> None:
        self.ready = asyncio.get_running_loop().create_future()
        self.seqs: dict[int, int] = {}
        self.markets = len(markets)
        self.gaps = self.snapshots = self.closed = 0
        #: Market, number and moment of each delta, one after the other.
        self.came = array("d")
        self._request = _handshake(address, key) + _masked(_subscription(markets))
        if batch_ms:
            self._request += _masked(_command(2, "batch", {"interval_ms": batch_ms}))
        self._is_open = False
        self._rest = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        transport.write(self._request)

    def connection_lost(self, error: Exception | None) -> None:
        self.closed = 1
        if not self.ready.done():
            self.ready.set_exception(ConnectionError(f"closed before it was ready: {self._rest[:200]!r}"))

    def data_received(self, data: bytes) -> None:
        now = time.time()
        data = self._rest + data
        if not self._is_open:
            head, found, data = data.partition(b"\r\n\r\n")
            if not found:
                self._rest = head
                return
            self._is_open = head.startswith(b"HTTP/1.1 101")
        at = 0
        while self._is_open and (frame := _frame(data, at)) is not None:
            opcode, begin, end = frame
            if opcode == _CLOSE:
                self.closed = 1
            self._take(data, begin, end, now)
            at = end
        self._rest = data[at:]

    def _take(self, data: bytes, begin: int, end: int, now: float) -> None:
        for found in _DELTA.finditer(data, begin, end):
            market, seq = int(found[1]), int(found[2])
            self.gaps += seq != self.seqs[market] + 1
            self.seqs[market] = seq
            self.came.extend((market, seq, now))
        if not self.ready.done():
            told = json.loads(data[begin:end])
            for frame in told if isinstance(told, list) else [told]:
                if frame["type"] == "book.snapshot":
                    self._start(frame)

    def _start(self, frame: dict[str, Any]) -> None:
        self.snapshots += 1
        self.seqs[frame["market_id"]] = frame["seq"]
        if len(self.seqs) == self.markets and not self.ready.done():
            self.ready.set_result(None)


def _frame(data: bytes, at: int) -> tuple[int, int, int] | None:
    """Opcode, begin and end of the payload of the unmasked frame at ``at``; nothing when it isn't whole."""
    if len(data) < at + 2:
        return None
    size, begin = data[at + 1] & 127, at + 2
    if size == 126:
        begin = at + 4
    elif size == 127:
        begin = at + 10
    if len(data) < begin:
        return None
    if size >= 126:
        size = int.from_bytes(data[at + 2 : begin], "big")
    return None if len(data) < begin + size else (data[at] & 15, begin, begin + size)


def _handshake(address: str, key: str) -> bytes:
    nonce = base64.b64encode(os.urandom(16)).decode()
    lines = [
        "GET /ws/v1/stream HTTP/1.1", f"Host: {address}", "Upgrade: websocket", "Connection: Upgrade",
        "Sec-WebSocket-Version: 13", f"Sec-WebSocket-Key: {nonce}", f"Authorization: Bearer {key}",
    ]  # fmt: skip
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def _subscription(markets: list[int]) -> bytes:
    return _command(1, "subscribe", {"channels": ["book"], "markets": markets})


def _command(number: int, name: str, params: dict[str, Any]) -> bytes:
    return json.dumps({"id": number, "cmd": name, "params": params}).encode()


def _masked(text: bytes) -> bytes:
    """A text frame with a mask of zeros."""
    head = struct.pack("!BB", 129, 128 | len(text)) if len(text) < 126 else struct.pack("!BBH", 129, 254, len(text))
    return head + bytes(4) + text


async def listen(port: int, sockets: list[tuple[str, list[int]]], batch_ms: int) -> list[Socket]:
    """Open the sockets of (key, markets), say so, and listen until SIGTERM."""
    loop, gate, over = asyncio.get_running_loop(), asyncio.Semaphore(OPENING), asyncio.Event()
    loop.add_signal_handler(signal.SIGTERM, over.set)

    async def opened(key: str, markets: list[int]) -> Socket:
        async with gate:
            _, socket = await loop.create_connection(
                lambda: Socket(f"127.0.0.1:{port}", key, markets, batch_ms), "127.0.0.1", port
            )
            await asyncio.wait_for(socket.ready, 60)
            return socket

    found = await asyncio.gather(*(opened(key, markets) for key, markets in sockets))
    print("READY", flush=True)
    await over.wait()
    return list(found)


def summary(sockets: list[Socket]) -> dict[str, Any]:
    """When each record came to the sockets: by market and number a list of moments."""
    came: dict[str, list[float]] = {}
    for socket in sockets:
        values = iter(socket.came)
        for market, seq, moment in zip(values, values, values, strict=True):
            came.setdefault(f"{market:.0f}:{seq:.0f}", []).append(round(moment, 4))
    return {
        "came": came,
        "gaps": sum(socket.gaps for socket in sockets),
        "closed": sum(socket.closed for socket in sockets),
        "frames": sum(len(socket.came) // 3 for socket in sockets),
    }


def main() -> None:
    given = json.loads(sys.stdin.readline())
    found = asyncio.run(listen(given["port"], given["sockets"], given["batch_ms"]))
    print(json.dumps(summary(found)))


if __name__ == "__main__":
    main()
