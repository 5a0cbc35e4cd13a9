"""A socket has ids as a request has: in the answer to its handshake, in its lines, in what it asks of the database.

Contract   Around any ASGI application for sockets: one line when it is accepted or refused, one when it has ended,
           with its code and how long it was open. Frames pass through untouched.
Servers    Granian 2.8 and Daphne 4.2 leave the headers of an accepted handshake out; others send them.
"""

import logging
import time
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, Final

from django.http import QueryDict

from common.logs.redaction import clean_text
from common.request_context import RequestContext, current
from common.tracing import Kind, trace_part, trace_work, tracing

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Any, Receive, Send], Awaitable[None]]
_log = logging.getLogger("socket")
#: What a server says when nobody told it a code.
_ABNORMAL: Final = 1006


class SocketLog:
    def __init__(self, application: Application) -> None:
        self.application = application

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        await _Socket(scope, receive, send).run(self.application)


class _Socket:
    def __init__(self, scope: Message, receive: Receive, send: Send) -> None:
        headers = {bytes(name).decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
        if tracing.is_on and "traceparent" not in headers:
            # A page can't put headers into a handshake.
            headers["traceparent"] = QueryDict(scope.get("query_string", b"")).get("traceparent") or ""
        given = (headers.get(name, "") for name in ("x-request-id", "traceparent", "tracestate"))
        self.context = RequestContext(*given)
        self._path = clean_text(scope["path"])
        self._scope, self._receive, self._send = scope, receive, send
        self._began = time.perf_counter()
        self._is_accepted = False
        self._code: int | None = None

    async def run(self, application: Application) -> None:
        token = current.set(self.context)
        try:
            await application(self._scope, self._received, self._sent)
        finally:
            self._tell_end()
            current.reset(token)

    async def _received(self) -> Message:
        message = await self._receive()
        if message["type"] == "websocket.disconnect" and self._code is None:
            self._code = message.get("code", _ABNORMAL)
        return message

    async def _sent(self, message: Message) -> None:
        kind = message["type"]
        if kind == "websocket.accept":
            ids = [(name.lower().encode(), value.encode()) for name, value in self.context.outgoing().items()]
            message = {**message, "headers": [*message.get("headers", ()), *ids]}
            self._is_accepted = True
            self._trace(f"accept {self._path}")
            _log.info("socket_opened", extra={"path": self._path})
        elif kind == "websocket.close" and self._code is None:
            self._code = message.get("code", 1000)
        await self._send(message)

    def _tell_end(self) -> None:
        event = "socket_closed" if self._is_accepted else "socket_refused"
        seconds = round(time.perf_counter() - self._began, 3)
        code = _ABNORMAL if self._code is None else self._code
        facts = {"path": self._path, "code": code, "seconds": seconds, "user_id": self.context.user_id}
        costs = {"db_count": self.context.db_count, "db_ms": round(self.context.db_s * 1e3, 3)}
        _log.info(event, extra=facts | costs)
        if not self._is_accepted:
            self._trace(f"refuse {self._path}")
        elif tracing.is_on:
            code_of = {"websocket__close_code": code}
            trace_part(self.context, f"socket {self._path}", Kind.INTERNAL, seconds, **code_of)

    def _trace(self, name: str) -> None:
        """The handshake, told at once: what the socket asks for hangs on it."""
        if tracing.is_on:
            trace_work(self.context, name, Kind.SERVER, time.perf_counter() - self._began)
