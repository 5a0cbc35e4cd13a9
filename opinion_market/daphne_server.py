"""Daphne with a bound on the request body: ``python -m opinion_market.daphne_server`` takes Daphne's options.

Daphne hands a request on when the whole body has arrived, kept in a temporary file. So the bound of the
bridge comes too late here, and this one cuts the connection while the body arrives. The cut has a line in the log;
the measurements, which count what the application answered, don't have it.

SIGTERM drains the process (``draining``) before the reactor stops; SIGINT leaves out the grace.
"""

import json
import logging
import secrets
import signal
from typing import Any, Final

from daphne import http_protocol, ws_protocol
from daphne.cli import CommandLineInterface
from django.conf import settings
from twisted.internet import reactor as _installed_reactor

from common.body_limit import CODE, problem
from common.problems import CONTENT_TYPE
from opinion_market.asgi import bridge
from opinion_market.draining import Drain

reactor: Final[Any] = _installed_reactor
_handle_reply: Final[Any] = ws_protocol.WebSocketProtocol.handle_reply

logger = logging.getLogger("request")


class BoundedRequest(http_protocol.WebRequest):  # type: ignore[misc]
    _declared_bytes = 0
    _received_bytes = 0
    _is_cut = False

    def gotLength(self, length: int | None) -> None:
        super().gotLength(length)
        self._declared_bytes = length or 0
        self._check()

    def handleContentChunk(self, data: bytes) -> None:
        self._received_bytes += len(data)
        self._check()
        if not self._is_cut:
            super().handleContentChunk(data)

    def process(self) -> None:
        if not self._is_cut:
            super().process()

    def _check(self) -> None:
        is_over = max(self._declared_bytes, self._received_bytes) > settings.HTTP_BODY_MAX_BYTES
        if is_over and not self._is_cut:
            self._is_cut = True
            self.channel.transport.write(refusal(settings.HTTP_BODY_MAX_BYTES))
            self.channel.loseConnection()


def refusal(body_max_bytes: int) -> bytes:
    """The whole 413, as it goes over the wire; it is noted in the log."""
    request_id = secrets.token_hex(8)
    logger.info("request", extra={"route": "unmatched", "status": 413, "error": CODE, "request_id": request_id})
    body = json.dumps(problem(body_max_bytes) | {"request_id": request_id}).encode()
    head = [
        "HTTP/1.1 413 Content Too Large",
        f"content-type: {CONTENT_TYPE}",
        f"content-length: {len(body)}",
        f"x-request-id: {request_id}",
        "connection: close",
    ]
    return "\r\n".join(head).encode() + b"\r\n\r\n" + body


def reply_with(connection: Any, message: dict[str, Any]) -> None:
    """Daphne forgets why the application closes."""
    if message.get("type") == "websocket.close":
        connection.reason_of_close = message.get("reason") or ""
    _handle_reply(connection, message)


def close_with(connection: Any, code: int | None = None) -> None:
    """Daphne refuses to send the standard's own codes such as 1008 and 1012, which servers may send."""
    why = getattr(connection, "reason_of_close", "").encode()
    connection.sendCloseFrame(code=1000 if code is None else code, reasonUtf8=why or None, isReply=False)


def install() -> None:
    protocol: Any = http_protocol
    protocol.WebRequest = BoundedRequest
    sockets: Any = ws_protocol
    sockets.WebSocketProtocol.serverClose = close_with
    sockets.WebSocketProtocol.handle_reply = reply_with


def _stop() -> None:
    if reactor.running:
        reactor.stop()


def take_signals() -> None:
    """Call it when the reactor has set its own handlers."""
    drain = Drain(
        grace_s=settings.DRAIN_GRACE_S,
        finish_s=settings.DRAIN_FINISH_S,
        is_busy=lambda: bridge.is_busy,
        done=_stop,
    )
    signal.signal(signal.SIGTERM, lambda *_: reactor.callFromThread(drain.begin))
    signal.signal(signal.SIGINT, lambda *_: reactor.callFromThread(drain.hurry))


if __name__ == "__main__":
    install()
    reactor.callLater(0, take_signals)
    CommandLineInterface.entrypoint()
