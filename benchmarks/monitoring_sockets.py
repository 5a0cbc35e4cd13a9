"""Many dashboards at once: does each of them get every second, soon, or know what it missed?

A gap is undetected when a dashboard couldn't know of it: a second that comes twice or goes back, or silence for
longer than SILENCE_S without a notice or a close. A second that is skipped shows in `seq`; it is counted apart.
"""

import asyncio
import time
from dataclasses import dataclass, field
from typing import Final

import orjson
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from benchmarks.monitoring_metrics import share
from benchmarks.report import Row
from benchmarks.stack import Stack

SOCKETS: Final = 500
MINUTES: Final = 10.0
QUICK_MINUTES: Final = 0.5
#: Of one account, which may have as many in each process.
SOCKETS_EACH: Final = 25
SILENCE_S: Final = 3.0
P95_S_MAX: Final = 1.5
#: Handshakes at once.
OPENING: Final = 20


@dataclass
class Watch:
    """What one dashboard saw."""

    seqs: list[int] = field(default_factory=list)
    ages: list[float] = field(default_factory=list)
    silences: int = 0
    notices: int = 0
    closed: int = 0

    @property
    def skipped(self) -> int:
        return sum(max(after - before - 1, 0) for before, after in zip(self.seqs, self.seqs[1:], strict=False))

    @property
    def undetected(self) -> int:
        back = sum(after <= before for before, after in zip(self.seqs, self.seqs[1:], strict=False))
        return back + self.silences


def rows(stack: Stack, *, is_quick: bool) -> list[Row]:
    stack.call("migrate", module="benchmarks.monitoring_jobs")
    with stack.web() as port:
        return measure(stack, port, SOCKETS, QUICK_MINUTES if is_quick else MINUTES)


def measure(stack: Stack, port: int, sockets: int, minutes: float) -> list[Row]:
    """The web server at ``port`` measures itself each second."""
    cookies = stack.call("watchers", module="benchmarks.socket_jobs", count=-(-sockets // SOCKETS_EACH))
    watches = asyncio.run(watch(port, cookies, sockets, minutes * 60))
    frames = sum(len(one.seqs) for one in watches)
    ages = [age for one in watches for age in one.ages]
    undetected, skipped = sum(one.undetected for one in watches), sum(one.skipped for one in watches)
    closed, p95 = sum(one.closed for one in watches), share(ages, 0.95)
    name = f"{sockets} dashboards for {minutes:g} min"
    told = f"{undetected} undetected gaps, {skipped} seconds skipped and seen, {closed} closed, {frames:,} frames"
    age = f"p95 {p95:.2f} s, median {share(ages, 0.5):.2f} s"
    return [
        Row(name, told, float(undetected + closed), 0.0, is_ceiling=True),
        Row(f"from measurement to frame, {sockets} dashboards", age, p95, P95_S_MAX, is_ceiling=True),
    ]


async def watch(port: int, cookies: list[str], sockets: int, seconds: float) -> list[Watch]:
    """Open the sockets, let all of them watch for ``seconds``, close them."""
    gate = asyncio.Semaphore(OPENING)

    async def opened(number: int) -> ClientConnection:
        async with gate:
            return await connect(
                f"ws://127.0.0.1:{port}/api/v1/performance-dashboard/ws",
                additional_headers={"Cookie": cookies[number % len(cookies)], "Origin": f"http://127.0.0.1:{port}"},
                open_timeout=60,
                compression=None,
            )

    open_sockets = await asyncio.gather(*(opened(number) for number in range(sockets)))
    watches = [Watch() for _ in open_sockets]
    until = time.monotonic() + seconds
    await asyncio.gather(*(follow(one, seen, until) for one, seen in zip(open_sockets, watches, strict=True)))
    await asyncio.gather(*(one.close() for one in open_sockets))
    return watches


async def follow(socket: ClientConnection, seen: Watch, until: float) -> None:
    heard_at = time.monotonic()
    while (left := until - time.monotonic()) > 0:
        try:
            text = await asyncio.wait_for(socket.recv(), min(SILENCE_S, left))
        except TimeoutError:
            seen.silences += time.monotonic() - heard_at >= SILENCE_S
            continue
        except ConnectionClosed:
            seen.closed += 1
            return
        now, frame = time.time(), orjson.loads(text)
        heard_at = time.monotonic()
        if frame["type"] == "metrics":
            # The newest frame of before the socket was open tells nothing of the way of a new one.
            if seen.seqs:
                seen.ages.append(now - frame["seq"])
            seen.seqs.append(frame["seq"])
        seen.notices += frame["type"] == "notice"
