"""A small load generator in a process of its own: keep-alive connections that send, read and send again.

Run by ``benchmarks.stack.load`` with one JSON argument: ``port``, ``seconds``, ``connections``, and what to send:
``path`` (GET), or ``market_id``, ``keys`` and ``seed`` of orders, by themselves or so many in ``a_request``.
With ``per_second`` requests have their moments, evenly spread, and are timed from them: who waits because the
request before was slow is counted as waiting.
Why        Generator and site share the cores, so requests are drawn and written down before the first is sent, every
           one another order, and one thread reads and writes sockets, nothing else. What it costs is reported.
"""

import json
import math
import random
import select
import socket
import sys
import time
from collections.abc import Callable, Iterator
from heapq import heappop, heappush
from typing import Any, Final

from benchmarks.mix import order_document

Maker = Callable[[], bytes]
#: Orders written down beforehand, for each second of the run; who is faster has the rest drawn under way.
PREPARED_PER_S: Final = 6_000
PREPARED_BATCHED_PER_S: Final = 20_000
#: Of a long run, only its first seconds.
PREPARED_S_MAX: Final = 20.0
READ_MAX: Final = 1 << 18


class Connection:
    """One request at a time; answers are framed by Content-Length."""

    def __init__(self, port: int, requests: Iterator[bytes], interval_s: float) -> None:
        # It blocks, but is read only when there is something, and what is sent fits into the buffers of the system.
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.requests = requests
        self.interval_s = interval_s
        self.times: list[float] = []
        self.statuses: dict[int, int] = {}
        self.buffer = b""
        self.due_at = 0.0
        #: Orders of batches that were accepted.
        self.accepted = 0

    def send(self) -> None:
        if not self.interval_s:
            self.due_at = time.perf_counter()
        self.socket.sendall(next(self.requests))

    def receive(self, *, is_counting: bool) -> bool:
        """Read what has come; whether the answer is there as a whole."""
        data = self.socket.recv(READ_MAX)
        assert data, "the server has closed a connection"
        data = self.buffer + data if self.buffer else data
        end = data.find(b"\r\n\r\n") + 4
        if end < 4 or len(data) < end + _length(data[:end]):
            self.buffer = data
            return False
        self.buffer = b""
        if is_counting:
            self.times.append(time.perf_counter() - self.due_at)
            status = int(data[9:12])
            self.statuses[status] = self.statuses.get(status, 0) + 1
            self.accepted += data.count(b'"status":201,', end)
        self.due_at += self.interval_s
        return True


def _length(head: bytes) -> int:
    lowered = head.lower()
    start = lowered.index(b"content-length:") + 15
    return int(lowered[start : lowered.index(b"\r", start)])


class Run:
    """All connections, in one thread."""

    def __init__(self, connections: list[Connection]) -> None:
        self.by_descriptor = {connection.socket.fileno(): connection for connection in connections}
        self.poll = select.epoll()
        for descriptor in self.by_descriptor:
            self.poll.register(descriptor, select.EPOLLIN)
        #: When the next request of a connection is due, and of which.
        self.due: list[tuple[float, int]] = []

    def begin(self) -> None:
        began, count = time.perf_counter(), len(self.by_descriptor)
        for number, (descriptor, connection) in enumerate(self.by_descriptor.items()):
            connection.due_at = began + connection.interval_s * number / count
            heappush(self.due, (connection.due_at, descriptor))

    def go_on(self, seconds: float, *, is_counting: bool) -> None:
        until = time.perf_counter() + seconds
        due, by_descriptor, poll = self.due, self.by_descriptor, self.poll.poll
        while (now := time.perf_counter()) < until:
            while due and due[0][0] <= now:
                by_descriptor[heappop(due)[1]].send()
            for descriptor, _ in poll((min(due[0][0], until) if due else until) - now):
                connection = by_descriptor[descriptor]
                if connection.receive(is_counting=is_counting):
                    if connection.interval_s and connection.due_at > now:
                        heappush(due, (connection.due_at, descriptor))
                    else:
                        connection.send()

    def end(self) -> None:
        self.poll.close()
        for connection in self.by_descriptor.values():
            connection.socket.close()


def run(arguments: dict[str, Any]) -> dict[str, Any]:
    count, warm_up_s, seconds = arguments["connections"], arguments.get("warm_up_s", 0.5), arguments["seconds"]
    interval_s = count / arguments["per_second"] if arguments.get("per_second") else 0.0
    prepared = _prepared_count(arguments, warm_up_s + seconds)
    requests = [_requests(maker(arguments, number), prepared) for number in range(count)]
    connections = [Connection(arguments["port"], own, interval_s) for own in requests]
    going = Run(connections)
    going.begin()
    going.go_on(warm_up_s, is_counting=False)
    started_at, cpu_before_s = time.perf_counter(), time.process_time()
    going.go_on(seconds, is_counting=True)
    elapsed, cpu_s = time.perf_counter() - started_at, time.process_time() - cpu_before_s
    going.end()
    return report(connections, elapsed, cpu_s)


def _prepared_count(arguments: dict[str, Any], seconds: float) -> int:
    """Requests of one connection that are written down before the run; a read is always the same."""
    if "path" in arguments:
        return 0
    size: int = arguments.get("a_request") or 1
    count: int = arguments["connections"]
    rate: float = arguments.get("per_second") or (PREPARED_PER_S if size == 1 else PREPARED_BATCHED_PER_S / size)
    return math.ceil(rate * min(seconds, PREPARED_S_MAX) / count)


def _requests(make: Maker, prepared: int) -> Iterator[bytes]:
    beforehand = [make() for _ in range(prepared)]

    def others() -> Iterator[bytes]:
        yield from beforehand
        while True:
            yield make()

    return others()


def report(connections: list[Connection], elapsed: float, cpu_s: float) -> dict[str, Any]:
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
        # Of the generator itself, for each answer.
        "own_us": round(cpu_s * 1e6 / len(times), 1) if times else None,
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
    print(json.dumps(run(json.loads(sys.argv[1]))))
