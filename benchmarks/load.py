"""A small load generator in a process of its own: keep-alive connections that send, read and send again.

Run by ``benchmarks.stack.load`` with one JSON argument: ``port``, ``seconds``, ``connections``, and what to send:
``path`` (GET), or ``orders`` with ``market_id``, ``keys``, ``seed`` and optionally ``per_second``.
"""

import asyncio
import json
import random
import sys
import time
from collections.abc import Callable
from functools import partial
from typing import Any

from benchmarks.mix import order_document

Maker = Callable[[], bytes]


class Connection(asyncio.Protocol):
    """One request at a time; answers are framed by Content-Length."""

    def __init__(self, make: Maker, interval_s: float) -> None:
        self.make = make
        self.interval_s = interval_s
        self.times: list[float] = []
        self.statuses: dict[int, int] = {}
        self.buffer = b""
        self.sent_at = 0.0
        self.is_counting = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self.next()

    def next(self) -> None:
        if not self.transport.is_closing():
            self.sent_at = time.perf_counter()
            self.transport.write(self.make())

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        head, separator, body = self.buffer.partition(b"\r\n\r\n")
        if not separator:
            return
        lowered = head.lower()
        start = lowered.index(b"content-length:") + 15
        length = int(lowered[start:].split(b"\r\n", 1)[0])
        if len(body) < length:
            return
        self.buffer = b""
        elapsed = time.perf_counter() - self.sent_at
        if self.is_counting:
            self.times.append(elapsed)
            status = int(head[9:12])
            self.statuses[status] = self.statuses.get(status, 0) + 1
        if self.interval_s:
            asyncio.get_running_loop().call_later(max(self.interval_s - elapsed, 0), self.next)
        else:
            self.next()


async def run(arguments: dict[str, Any]) -> dict[str, Any]:
    loop = asyncio.get_running_loop()
    connections: list[Connection] = []
    count, warm_up_s = arguments["connections"], arguments.get("warm_up_s", 0.5)
    interval_s = count / arguments["per_second"] if arguments.get("per_second") else 0.0
    for number in range(count):
        make = maker(arguments, number)
        factory = partial(Connection, make, interval_s)
        _, connection = await loop.create_connection(factory, "127.0.0.1", arguments["port"])
        connections.append(connection)
    await asyncio.sleep(warm_up_s)
    for connection in connections:
        connection.is_counting = True
    started_at = time.perf_counter()
    await asyncio.sleep(arguments["seconds"])
    elapsed = time.perf_counter() - started_at
    for connection in connections:
        connection.is_counting = False
        connection.transport.close()
    return report(connections, elapsed)


def report(connections: list[Connection], elapsed: float) -> dict[str, Any]:
    times = sorted(t for connection in connections for t in connection.times)
    statuses: dict[int, int] = {}
    for connection in connections:
        for status, count in connection.statuses.items():
            statuses[status] = statuses.get(status, 0) + count
    good = sum(count for status, count in statuses.items() if status < 300)
    return {"per_second": good / elapsed, "p50_ms": at(times, 0.5), "p99_ms": at(times, 0.99), "statuses": statuses}


def at(times: list[float], share: float) -> float | None:
    """Milliseconds at a quantile of sorted seconds."""
    return round(times[min(int(len(times) * share), len(times) - 1)] * 1_000, 2) if times else None


def maker(arguments: dict[str, Any], number: int) -> Maker:
    host = f"Host: 127.0.0.1:{arguments['port']}\r\n"
    if "path" in arguments:
        request = f"GET {arguments['path']} HTTP/1.1\r\n{host}\r\n".encode()
        return lambda: request
    chance = random.Random(arguments["seed"] * 1_000 + number)
    key = arguments["keys"][number % len(arguments["keys"])]
    head = f"POST /api/v1/orders HTTP/1.1\r\n{host}Authorization: Bearer {key}\r\nContent-Type: application/json\r\n"

    def order() -> bytes:
        body = json.dumps(order_document(chance, arguments["market_id"]))
        return f"{head}Content-Length: {len(body)}\r\n\r\n{body}".encode()

    return order


if __name__ == "__main__":
    print(json.dumps(asyncio.run(run(json.loads(sys.argv[1])))))
