"""Those who read: pages through the proxy, and sockets that keep a book and come back when they are told to."""

import asyncio
import json
import re
import threading
import time
from collections import Counter
from itertools import cycle
from typing import Any, Final

from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, WebSocketException

from examples.stream_book import Book, Mistrust
from scripts.scaleout.programs import visit

SOCKETS: Final = 24
PAGES: Final = ("/", "/health", "/api/v1/markets", "/markets/{market}", "/api/v1/account")
_SIGNED_IN: Final = ("/api/v1/account",)
_HINT: Final = re.compile(r"come back in (\d+) ms")


class PageReader(threading.Thread):
    """One request after the other, signed in by a session when there is a ``cookie``.

    ``failures`` are what was not 200, with the moment by the machine's monotonic clock.
    """

    def __init__(self, port: int, market_id: int, cookie: str) -> None:
        super().__init__(daemon=True)
        self._cookie = cookie
        self.count = 0
        self.failures: list[tuple[float, int]] = []
        paths = PAGES if cookie else [path for path in PAGES if path not in _SIGNED_IN]
        self._urls = [f"http://127.0.0.1:{port}{path.format(market=market_id)}" for path in paths]
        self._is_over = threading.Event()

    def run(self) -> None:
        while not self._is_over.wait(0.1):
            for url in self._urls:
                status, self._cookie = visit(url, self._cookie)
                self.count += 1
                if status != 200:
                    self.failures.append((time.monotonic(), status))

    def end(self) -> None:
        self._is_over.set()
        self.join()


class SocketReaders(threading.Thread):
    """``count`` clients of the stream on one market, each with a book; the traders of ``secrets`` in turn."""

    def __init__(self, port: int, market_id: int, secrets: list[str], *, count: int = SOCKETS) -> None:
        super().__init__(daemon=True)
        self.url, self.market_id, self.secrets = f"ws://127.0.0.1:{port}/ws/v1/stream", market_id, secrets
        self.closes: Counter[int] = Counter()
        self.hints_ms: list[int] = []
        self.back_s: list[float] = []
        self.mistrusts = 0
        self.books = [Book() for _ in range(count)]
        self._is_over = asyncio.Event()
        self._has_begun = threading.Event()
        self._loop: asyncio.AbstractEventLoop | None = None

    def run(self) -> None:
        asyncio.run(self._run())

    def end(self) -> None:
        """A second time changes nothing."""
        if self.is_alive():
            self._has_begun.wait()
            assert self._loop is not None
            self._loop.call_soon_threadsafe(self._is_over.set)
            self.join()

    async def _run(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._has_begun.set()
        pairs = zip(self.books, cycle(self.secrets), strict=False)
        tasks = [asyncio.ensure_future(self._keep(book, secret)) for book, secret in pairs]
        await self._is_over.wait()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _keep(self, book: Book, secret: str) -> None:
        lost_at = 0.0
        while True:
            wait_s = 0.5
            try:
                headers = {"Authorization": f"Bearer {secret}"}
                async with connect(self.url, additional_headers=headers, proxy=None, open_timeout=60) as stream:
                    if lost_at:
                        self.back_s.append(time.monotonic() - lost_at)
                    await self._follow(stream, book)
            except Mistrust:
                self.mistrusts += 1
                book.seq = None
            except ConnectionClosed as closed:
                lost_at = time.monotonic()
                wait_s = self._lost(closed)
            except (OSError, WebSocketException, TimeoutError):
                self.closes[0] += 1
            await asyncio.sleep(wait_s)

    def _lost(self, closed: ConnectionClosed) -> float:
        """How long to wait, as the server has asked."""
        code = closed.rcvd.code if closed.rcvd else 1006
        self.closes[code] += 1
        hint = _HINT.search(closed.rcvd.reason) if closed.rcvd else None
        if hint is None:
            return 1.0
        self.hints_ms.append(int(hint[1]))
        return int(hint[1]) / 1_000

    async def _follow(self, stream: Any, book: Book) -> None:
        params: dict[str, Any] = {"channels": ["book"], "markets": [self.market_id]}
        if book.seq is not None:
            params["resume_from"] = {str(self.market_id): book.seq}
        await stream.send(json.dumps({"id": 1, "cmd": "subscribe", "params": params}))
        async for text in stream:
            frame = json.loads(text)
            if frame["type"] in ("book.snapshot", "book.delta"):
                book.take(frame)
