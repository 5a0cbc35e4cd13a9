"""One keep-alive connection to the web server: a request, its answer, the next request."""

import asyncio
import json
from dataclasses import dataclass
from typing import Any, Final

#: A web process that is paused answers nothing; the next connection may find another one.
TIMEOUT_S: Final = 4.0


class NoAnswerError(Exception):
    """The request may or may not have been carried out."""


@dataclass(frozen=True, slots=True)
class Request:
    method: str
    path: str
    secret: str
    body: dict[str, Any] | None = None
    #: Sent as ``Idempotency-Key``.
    key: str = ""


@dataclass(frozen=True, slots=True)
class WireAnswer:
    status: int
    headers: dict[str, str]
    text: str


class Wire:
    def __init__(self, port: int, timeout_s: float = TIMEOUT_S) -> None:
        self.port, self.timeout_s = port, timeout_s
        self._reader: asyncio.StreamReader | None = None
        self._writer: asyncio.StreamWriter | None = None

    async def ask(self, request: Request) -> WireAnswer:
        """Raises: NoAnswerError; the next call connects anew."""
        try:
            async with asyncio.timeout(self.timeout_s):
                return await self._exchange(request)
        except (OSError, EOFError, ValueError, TimeoutError) as error:
            self.close()
            raise NoAnswerError(repr(error)) from error

    def close(self) -> None:
        if self._writer is not None:
            self._writer.transport.abort()
        self._reader = self._writer = None

    async def _exchange(self, request: Request) -> WireAnswer:
        if self._reader is None or self._writer is None:
            self._reader, self._writer = await asyncio.open_connection("127.0.0.1", self.port)
        self._writer.write(self._bytes(request))
        head = (await self._reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        pairs = (line.partition(":") for line in head[1:] if line)
        headers = {name.lower(): value.strip() for name, _, value in pairs}
        body = await self._reader.readexactly(int(headers["content-length"])) if "content-length" in headers else b""
        answer = WireAnswer(int(head[0].split(" ")[1]), headers, body.decode())
        if headers.get("connection", "").lower() == "close" or "content-length" not in headers:
            self.close()
        return answer

    def _bytes(self, request: Request) -> bytes:
        body = b"" if request.body is None else json.dumps(request.body).encode()
        lines = [
            f"{request.method} {request.path} HTTP/1.1",
            f"Host: 127.0.0.1:{self.port}",
            f"Authorization: Bearer {request.secret}",
            f"Content-Length: {len(body)}",
            "Content-Type: application/json",
            *([f"Idempotency-Key: {request.key}"] if request.key else []),
        ]
        return ("\r\n".join(lines) + "\r\n\r\n").encode() + body
