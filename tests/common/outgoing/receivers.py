"""Real servers for tests: each listens on a port of its own and notes what reached it."""

import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass
class Receiver:
    """``connections`` counts whoever connected, ``requests`` what was read whole."""

    port: int
    connections: int = 0
    requests: list[bytes] = field(default_factory=list)

    @property
    def allowed(self) -> str:
        return f"127.0.0.1:{self.port}"

    def url(self, path: str = "/", host: str = "127.0.0.1") -> str:
        return f"http://{host}:{self.port}{path}"


Behaviour = Callable[[socket.socket, Receiver], None]


@contextmanager
def receiver(behaviour: Behaviour, context: ssl.SSLContext | None = None) -> Iterator[Receiver]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        found = Receiver(server.getsockname()[1])
        threading.Thread(target=_serve, args=(server, found, behaviour, context), daemon=True).start()
        try:
            yield found
        finally:
            server.shutdown(socket.SHUT_RDWR)


def _serve(server: socket.socket, found: Receiver, behaviour: Behaviour, context: ssl.SSLContext | None) -> None:
    while True:
        try:
            connection, _ = server.accept()
        except OSError:
            return
        found.connections += 1
        threading.Thread(target=_meet, args=(connection, found, behaviour, context), daemon=True).start()


def _meet(connection: socket.socket, found: Receiver, behaviour: Behaviour, context: ssl.SSLContext | None) -> None:
    with connection:
        connection.settimeout(10)
        try:
            if context is None:
                behaviour(connection, found)
            else:
                with context.wrap_socket(connection, server_side=True) as safe:
                    behaviour(safe, found)
        except OSError:
            return


def read_request(connection: socket.socket, found: Receiver) -> bytes:
    text = b""
    while b"\r\n\r\n" not in text:
        part = connection.recv(65_536)
        if not part:
            return b""
        text += part
    head, _, body = text.partition(b"\r\n\r\n")
    lengths = [int(line[15:]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")]
    while lengths and len(body) < lengths[0]:
        body += connection.recv(65_536)
    found.requests.append(head + b"\r\n\r\n" + body)
    return found.requests[-1]


def answering(status: int = 200, body: bytes = b"ok", headers: str = "") -> Behaviour:
    def answer(connection: socket.socket, found: Receiver) -> None:
        if read_request(connection, found):
            head = f"HTTP/1.1 {status} Whatever\r\nContent-Length: {len(body)}\r\n{headers}\r\n"
            connection.sendall(head.encode() + body)

    return answer


def redirecting(to: str) -> Behaviour:
    return answering(302, b"", f"Location: {to}\r\n")


def dripping(connection: socket.socket, found: Receiver) -> None:
    """A byte of the head now and then, for ever."""
    read_request(connection, found)
    connection.sendall(b"HTTP/1.1 200 OK\r\nX: ")
    while True:
        connection.sendall(b"a")
        time.sleep(0.02)


def silent(connection: socket.socket, found: Receiver) -> None:
    read_request(connection, found)
    time.sleep(5)


def resetting(connection: socket.socket, found: Receiver) -> None:
    read_request(connection, found)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")


def babbling(connection: socket.socket, found: Receiver) -> None:
    """Something that isn't HTTP."""
    read_request(connection, found)
    connection.sendall(b"220 mail.example.org ESMTP\r\n\r\n")


def endless(connection: socket.socket, found: Receiver) -> None:
    read_request(connection, found)
    connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
    while True:
        connection.sendall(b"x" * 10_000)
