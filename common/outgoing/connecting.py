"""Names are resolved once, judged, and exactly what was judged is connected to.

Contract   A name with one address that isn't public is refused as a whole: whoever answers for it decides which one is
           taken. Everything ends at the deadline, however slowly the other side drips.
"""

import socket
import threading
import time
from collections.abc import Iterable
from ipaddress import ip_address
from ssl import SSLContext
from typing import Any, Final

import httpcore

from common.outgoing.addresses import Address, is_public
from common.outgoing.errors import Failure, OutgoingFailed, OutgoingRefused
from common.outgoing.targets import Target

_ADDRESSES_MAX: Final = 4


class Deadline:
    def __init__(self, timeout_s: float) -> None:
        self._at: Final = time.monotonic() + timeout_s

    def left_s(self, error: type[Exception] = httpcore.ReadTimeout) -> float:
        left = self._at - time.monotonic()
        if left <= 0:
            raise error("The time was up.")
        return left


class CheckedBackend(httpcore.NetworkBackend):
    """Connects to the addresses that were judged, whatever name it is given."""

    def __init__(self, target: Target, deadline: Deadline) -> None:
        self._target = target
        self._deadline = deadline
        self._plain = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        refusal: Exception = httpcore.ConnectError("no address")
        for address in checked_addresses(self._target, self._deadline)[:_ADDRESSES_MAX]:
            try:
                left_s = self._deadline.left_s(httpcore.ConnectTimeout)
                stream = self._plain.connect_tcp(str(address), port, left_s, local_address, socket_options)
                return _TimedStream(stream, self._deadline)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                refusal = error
        raise refusal


class _TimedStream(httpcore.NetworkStream):
    def __init__(self, stream: httpcore.NetworkStream, deadline: Deadline) -> None:
        self._stream = stream
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, self._deadline.left_s())

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._deadline.left_s(httpcore.WriteTimeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        left_s = self._deadline.left_s(httpcore.ConnectTimeout)
        return _TimedStream(self._stream.start_tls(ssl_context, server_hostname, left_s), self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


def checked_addresses(target: Target, deadline: Deadline) -> list[Address]:
    """Raises: OutgoingRefused, OutgoingFailed"""
    if target.address is not None:
        return [target.address]
    found = _resolved(target.host, target.port, deadline)
    if not target.is_allowed_inward and not all(map(is_public, found)):
        raise OutgoingRefused(f"{target.host} leads to an address that isn't public.", field="url")
    return found


def _resolved(host: str, port: int, deadline: Deadline) -> list[Address]:
    """The system's resolver knows no time limit, so it works in a thread that may be left behind."""
    found: list[list[Address] | OSError] = []

    def resolve() -> None:
        try:
            rows = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
            found.append(list(dict.fromkeys(ip_address(str(row[4][0])) for row in rows)))
        except OSError as error:
            found.append(error)

    thread = threading.Thread(target=resolve, name="resolve", daemon=True)
    thread.start()
    thread.join(deadline.left_s(httpcore.ConnectTimeout))
    if not found:
        raise OutgoingFailed(Failure.TIMEOUT, f"The name {host} was not resolved in time.")
    answer = found[0]
    if isinstance(answer, OSError) or not answer:
        raise OutgoingFailed(Failure.NAME, f"The name {host} could not be resolved.")
    return answer
