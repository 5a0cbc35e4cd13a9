"""ASGI HTTP answered by a WSGI application on a thread pool.

Contract   The whole body is read first, bounded: one byte over the limit and nothing more is read, but the application
           is told (``BODY_REFUSED``) and answers 413, which has its line, its count and its ids like any answer.
           ONE hop to a thread runs the application; short answers come back in one piece,
           long ones are streamed with back-pressure and stop when the client has gone or stops reading.
           A body that takes longer than ``BODY_S`` to arrive ends the connection.
Threads    Each keeps its own database connection (``CONN_MAX_AGE = None``); shutdown closes them.
Resizing   ``resize`` gives new requests to a pool of the other size; the old one ends when it has answered its own.
Why        Django's own ASGI handler answers a tenth of the requests per second; see docs/adr/0005.
"""

import asyncio
import io
import sys
import threading
import time
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Final
from urllib.parse import unquote_to_bytes

from common.body_limit import BODY_REFUSED
from common.draining import is_draining
from common.metrics.registry import registry
from common.shared_thread import SHARES_THREAD
from opinion_market.request_threads import RequestThreads

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Headers = list[tuple[bytes, bytes]]
WsgiApp = Callable[..., Iterable[bytes]]

#: Up to this much is handed to the server at once, so that a client who reads slowly keeps no thread.
WHOLE_BYTES: Final = 4 * 1024 * 1024
CHUNK_BYTES: Final = 64 * 1024
#: How long a client may take to read a chunk.
CHUNK_S: Final = 10.0
#: A pool that was replaced may be handed one request more at that moment.
RETIRE_S: Final = 1.0
BODY_S: Final = 15.0
_WAIT: Final = registry.sketch("thread_wait_seconds", "How long requests waited for a thread.").of()
_SINGLE: Final = {"content-type": "CONTENT_TYPE", "content-length": "CONTENT_LENGTH"}


class BodyTooLargeError(Exception):
    """The request body is longer than this site reads."""


class ClientGoneError(Exception):
    """Nobody waits for the answer any more."""


@dataclass
class Answer:
    """What the application said before, or instead of, streaming."""

    status: int = 500
    headers: Headers = field(default_factory=list)

    def start_response(self, status: str, headers: list[tuple[str, str]], exc_info: object = None) -> None:
        self.status = int(status[:3])
        self.headers = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers]

    def start_message(self) -> Message:
        if is_draining():
            # The next request of this connection finds somebody who stays.
            self.headers.append((b"connection", b"close"))
        return {"type": "http.response.start", "status": self.status, "headers": self.headers}


class HttpBridge:
    def __init__(
        self,
        application: WsgiApp,
        *,
        body_max_bytes: int,
        threads: int,
        is_shared: Callable[[Message], bool] = lambda scope: False,
    ) -> None:
        self.application = application
        self._is_shared = is_shared
        self.body_max_bytes = body_max_bytes
        self._pool = RequestThreads(threads)
        self._threads = threads
        self._in_flight = 0

    @property
    def is_busy(self) -> bool:
        """Whether a request has no answer yet."""
        return self._in_flight > 0

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        self._in_flight += 1
        try:
            await self._answer(scope, receive, send)
        finally:
            self._in_flight -= 1

    async def _answer(self, scope: Message, receive: Receive, send: Send) -> None:
        body: bytes | None
        loop = asyncio.get_running_loop()
        try:
            body = await self._read_in_time(loop, scope, receive)
        except BodyTooLargeError:
            body = None
        except (ClientGoneError, TimeoutError):
            # Returning unanswered makes the server close the connection.
            return
        stream = Stream(loop, receive, send)
        try:
            asked_at = time.perf_counter()
            is_shared = self._is_shared(scope)
            run = self._pool.run_shared if is_shared else self._pool.run
            answer, rest = await run(self._run, scope, body, stream, asked_at, is_shared)
            if not stream.is_started:
                await send(answer.start_message())
            await send({"type": "http.response.body", "body": rest})
        except ClientGoneError:
            return
        finally:
            stream.finish()

    async def shutdown(self) -> None:
        """Close every thread's database connections, then the threads."""
        await asyncio.get_running_loop().run_in_executor(None, self._pool.close)

    def resize(self, threads: float | None) -> None:
        """From now on answer with so many threads, or as many as at the beginning (None); from any thread."""
        wanted = self._threads if threads is None else int(threads)
        if wanted != self._pool.count:
            old, self._pool = self._pool, RequestThreads(wanted)
            retiring = threading.Timer(RETIRE_S, old.close)
            retiring.daemon = True
            retiring.start()

    async def _read_in_time(self, loop: asyncio.AbstractEventLoop, scope: Message, receive: Receive) -> bytes:
        """As ``asyncio.timeout`` would, which costs more than the reading. Raises TimeoutError"""
        task, is_late = asyncio.current_task(loop), False
        assert task is not None

        def give_up() -> None:
            nonlocal is_late
            is_late = task.cancel()

        deadline = loop.call_later(BODY_S, give_up)
        try:
            return await self._read(scope, receive)
        except asyncio.CancelledError:
            # Somebody else may end the task as well, and that counts.
            if is_late and task.uncancel() == 0:
                raise TimeoutError from None
            raise
        finally:
            deadline.cancel()

    async def _read(self, scope: Message, receive: Receive) -> bytes:
        declared = next((value for name, value in scope["headers"] if name == b"content-length"), b"0")
        if declared.isdigit() and int(declared) > self.body_max_bytes:
            raise BodyTooLargeError
        body = bytearray()
        while True:
            message = await receive()
            if message["type"] == "http.disconnect":
                raise ClientGoneError
            body += message.get("body", b"")
            if len(body) > self.body_max_bytes:
                raise BodyTooLargeError
            if not message.get("more_body"):
                return bytes(body)

    def _run(
        self, scope: Message, body: bytes | None, stream: "Stream", asked_at: float, is_shared: bool
    ) -> tuple[Answer, bytes]:
        """In a thread: answer the request; returns the part that was not streamed."""
        _WAIT.record(time.perf_counter() - asked_at)
        answer = Answer()
        values = environ(scope, body or b"")
        if is_shared:
            values[SHARES_THREAD] = True
        if body is None:
            values[BODY_REFUSED] = self.body_max_bytes
        chunks = self.application(values, answer.start_response)
        rest = bytearray()
        try:
            for chunk in chunks:
                rest += chunk
                if len(rest) > (CHUNK_BYTES if stream.is_started else WHOLE_BYTES) and scope["method"] != "HEAD":
                    stream.push(answer, bytes(rest))
                    rest.clear()
        finally:
            if hasattr(chunks, "close"):
                chunks.close()
        if body is None:
            answer.headers.append((b"connection", b"close"))
        return answer, b"" if scope["method"] == "HEAD" else bytes(rest)


class Stream:
    """The way of a long answer from the thread to the client."""

    def __init__(self, loop: asyncio.AbstractEventLoop, receive: Receive, send: Send) -> None:
        self._loop = loop
        self._receive = receive
        self._send = send
        self._watch: asyncio.Task[Message] | None = None
        self.is_started = False

    def push(self, answer: Answer, body: bytes) -> None:
        """In the thread: wait until the server has taken ``body``; raises ClientGoneError."""
        pushing = asyncio.run_coroutine_threadsafe(self._push(answer, body), self._loop)
        try:
            pushing.result(CHUNK_S)
        except TimeoutError as late:
            pushing.cancel()
            raise ClientGoneError from late

    async def _push(self, answer: Answer, body: bytes) -> None:
        if not self.is_started:
            self.is_started = True
            # After the body the only message is the disconnect.
            self._watch = asyncio.ensure_future(self._receive())
            await self._send(answer.start_message())
        if self._watch is not None and self._watch.done():
            raise ClientGoneError
        await self._send({"type": "http.response.body", "body": body, "more_body": True})

    def finish(self) -> None:
        if self._watch is not None:
            self._watch.cancel()


def environ(scope: Message, body: bytes) -> dict[str, Any]:
    """The WSGI environment of an ASGI scope (PEP 3333)."""
    raw_path = unquote_to_bytes(scope["raw_path"]) if scope.get("raw_path") else scope["path"].encode()
    server_name, server_port = scope.get("server") or ("localhost", 80)
    values: dict[str, Any] = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": raw_path.decode("latin-1"),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_NAME": server_name,
        "SERVER_PORT": str(server_port),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "REMOTE_ADDR": (scope.get("client") or ("",))[0],
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.get("scheme", "http"),
        "wsgi.input": io.BytesIO(body),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    for raw_name, raw_value in scope["headers"]:
        key, value = _key(raw_name), raw_value.decode("latin-1")
        if not key:
            continue
        if key in values and key.startswith("HTTP_"):
            value = f"{values[key]}{'; ' if key == 'HTTP_COOKIE' else ','}{value}"
        values[key] = value
    # The body's true length: a chunked request declares none.
    values["CONTENT_LENGTH"] = str(len(body))
    return values


@lru_cache(256)
def _key(raw_name: bytes) -> str:
    """Of a header in the environment; empty for one that isn't passed on."""
    name = raw_name.decode("latin-1").lower()
    # "X_Real_IP" and "X-Real-IP" become the same key, so only the spelling with hyphens may speak.
    if "_" in name or name == "transfer-encoding":
        return ""
    return _SINGLE.get(name) or "HTTP_" + name.upper().replace("-", "_")
