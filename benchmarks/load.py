"""A small load generator in a process of its own: keep-alive connections that send, read and send again.

Run by ``benchmarks.stack.load`` with one JSON argument: ``port``, ``seconds``, ``connections``, and what to send:
``path`` (GET), or ``market_id``, ``keys`` and ``seed`` of orders, by themselves or so many in ``a_request``.
With ``per_second`` requests have their moments, evenly spread, and are timed from them: who waits because the
request before was slow is counted as waiting.
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

    def __init__(self, make: Maker, interval_s: float, delay_s: float) -> None:
        self.make = make
        self.interval_s = interval_s
        self.delay_s = delay_s
        self.times: list[float] = []
        self.statuses: dict[int, int] = {}
        self.buffer = b""
        self.due_at = 0.0
        self.is_counting = False
        #: Orders of batches that were accepted.
        self.accepted = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self.due_at = time.perf_counter() + self.delay_s
        asyncio.get_running_loop().call_later(self.delay_s, self.next)

    def next(self) -> None:
        if not self.transport.is_closing():
            if not self.interval_s:
                self.due_at = time.perf_counter()
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
        now = time.perf_counter()
        elapsed = now - self.due_at
        if self.is_counting:
            self.times.append(elapsed)
            status = int(head[9:12])
            self.statuses[status] = self.statuses.get(status, 0) + 1
            self.accepted += body.count(b'"status":201,')
        self.due_at += self.interval_s
        if self.interval_s and self.due_at > now:
            asyncio.get_running_loop().call_later(self.due_at - now, self.next)
        else:
            self.next()


async def run(arguments: dict[str, Any]) -> dict[str, Any]:
    loop = asyncio.get_running_loop()
    connections: list[Connection] = []
    count, warm_up_s = arguments["connections"], arguments.get("warm_up_s", 0.5)
    interval_s = count / arguments["per_second"] if arguments.get("per_second") else 0.0
    for number in range(count):
        make = maker(arguments, number)
        factory = partial(Connection, make, interval_s, interval_s * number / count)
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
    return {
        "per_second": good / elapsed,
        "accepted_per_second": sum(connection.accepted for connection in connections) / elapsed,
        "p50_ms": at(times, 0.5),
        "p99_ms": at(times, 0.99),
        "statuses": statuses,
    }


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
    market_id, count = arguments["market_id"], arguments.get("a_request")
    path = "/api/v1/orders/batch" if count else "/api/v1/orders"
    head = f"POST {path} HTTP/1.1\r\n{host}Authorization: Bearer {key}\r\nContent-Type: application/json\r\n"

    def order() -> bytes:
        if count:
            body = json.dumps({"items": [order_document(chance, market_id) for _ in range(count)]})
        else:
            body = json.dumps(order_document(chance, market_id))
        return f"{head}Content-Length: {len(body)}\r\n\r\n{body}".encode()

    return order


if __name__ == "__main__":
    print(json.dumps(asyncio.run(run(json.loads(sys.argv[1])))))
