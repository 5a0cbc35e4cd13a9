"""Keep the book of a market from the stream, and know that it is right.

    pip install websockets
    OM_URL=http://localhost:8000 OM_KEY=omk_... python examples/stream_book.py MARKET_ID

A snapshot first, then deltas: each has the number after the last, every 100th the checksum of the whole book. When the
connection is lost, `resume_from` brings what was missed; only after more than 1,000 records a snapshot comes again.
A server that restarts closes with 1012 and says when to come back, to each client something else: keep to it.
"""

import asyncio
import json
import os
import random
import re
import sys
from collections.abc import Callable
from decimal import Decimal
from typing import Any
from zlib import crc32

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, WebSocketException

SILENCE_S = 15
WAIT_MAX_S = 10.0
RESTART = 1012


class Mistrust(Exception):
    """The book can't be right: start again from a snapshot."""


class Book:
    """Sizes by (outcome, side, price), exact at `seq`."""

    def __init__(self) -> None:
        self.seq: int | None = None
        self.sizes: dict[tuple[str, str, str], Decimal] = {}
        self.snapshots = self.deltas = self.checksums = 0

    def take(self, frame: dict[str, Any]) -> None:
        """Apply a `book.snapshot` or `book.delta`. Raises: Mistrust"""
        data = frame["data"]
        if frame["type"] == "book.snapshot":
            self.snapshots += 1
            self.sizes = {
                (book["outcome"], side, price): Decimal(size)
                for book in data["books"]
                for side in ("bid", "ask")
                for price, size in book[f"{side}s"]
            }
        else:
            if self.seq is None or frame["seq"] != self.seq + 1:
                raise Mistrust(f"{frame['seq']} came after {self.seq}")
            self.deltas += 1
            for change in data["changes"]:
                self._add((change["outcome"], change["side"], change["price"]), Decimal(change["change"]))
        self.seq = frame["seq"]
        if "checksum" in data:
            self.checksums += 1
            if data["checksum"] != self.checksum():
                raise Mistrust(f"the checksum differs at {self.seq}")

    def _add(self, key: tuple[str, str, str], change: Decimal) -> None:
        size = self.sizes.pop(key, Decimal(0)) + change
        if size:
            self.sizes[key] = size

    def checksum(self) -> int:
        total = 0
        for (outcome, side, price), size in self.sizes.items():
            total ^= crc32(f"{outcome} {side} {price} {size.normalize():f}".encode())
        return total

    def best(self, side: str) -> str | None:
        prices = [price for (_, this, price) in self.sizes if this == side]
        return (max if side == "bid" else min)(prices, key=Decimal, default=None)


class Keeper:
    """Keeps `book` up to date over every reconnection, for ever; `told` is called after each frame of the book."""

    def __init__(self, url: str, key: str, market_id: int, told: Callable[[Book], None] = lambda book: None) -> None:
        self.url = url.replace("http", "ws", 1) + "/ws/v1/stream"
        self.key, self.market_id, self.told = key, market_id, told
        self.book = Book()
        self.connections = self.mistrusts = 0

    async def run(self) -> None:
        wait_s = 0.25
        while True:
            try:
                async with connect(self.url, additional_headers={"Authorization": f"Bearer {self.key}"}) as socket:
                    self.connections += 1
                    wait_s = 0.25
                    await self._follow(socket)
            except Mistrust:
                self.mistrusts += 1
                self.book.seq = None
            except (OSError, WebSocketException, TimeoutError) as lost:
                wait_s = min(2 * wait_s, WAIT_MAX_S)
                asked_s = comeback_s(lost)
                if asked_s is not None:
                    await asyncio.sleep(asked_s)
                    continue
            await asyncio.sleep(wait_s * random.uniform(0.5, 1.0))

    async def _follow(self, socket: ClientConnection) -> None:
        params: dict[str, Any] = {"channels": ["book"], "markets": [self.market_id]}
        if self.book.seq is not None:
            params["resume_from"] = {str(self.market_id): self.book.seq}
        await socket.send(json.dumps({"id": 1, "cmd": "subscribe", "params": params}))
        while True:
            # A tick comes each 5 seconds, so silence means that the connection is dead.
            frame = json.loads(await asyncio.wait_for(socket.recv(), SILENCE_S))
            if frame["type"] == "error":
                raise SystemExit(frame["detail"])
            if frame["type"] in ("book.snapshot", "book.delta"):
                self.book.take(frame)
                self.told(self.book)
            elif frame["type"] == "tick" and frame["markets"].get(str(self.market_id), 0) < (self.book.seq or 0):
                raise Mistrust("the tick is behind")


def comeback_s(lost: Exception) -> float | None:
    """In how many seconds a server that restarts asked this client to come back."""
    frame = lost.rcvd if isinstance(lost, ConnectionClosed) else None
    asked = re.search(r"come back in (\d+) ms", frame.reason) if frame and frame.code == RESTART else None
    return int(asked[1]) / 1_000 if asked else None


def show(book: Book) -> None:
    print(f"seq {book.seq}: {book.best('bid')} / {book.best('ask')}, {len(book.sizes)} levels", flush=True)


if __name__ == "__main__":
    address = os.environ.get("OM_URL", "http://localhost:8000")
    asyncio.run(Keeper(address, os.environ["OM_KEY"], int(sys.argv[1]), show).run())
