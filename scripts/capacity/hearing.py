"""What it costs Redis to tell one more web process of one commit: a server of its own, with many who listen.

Contract   CPU time of the server. What a message costs when nobody listens is taken away: an order's cost has it.
"""

import selectors
import socket
import threading
from pathlib import Path
from typing import Final

import psutil
import redis

from opinion_market.local import layout, sockets
from opinion_market.local.redis import EmbeddedRedis
from scripts.scaleout.programs import wait_until

LISTENERS: Final = 50
MESSAGES: Final = 4_000
_CHANNEL: Final = "capacity"
_CHUNK: Final = 65_536


class Listeners(threading.Thread):
    """Connections that are subscribed, and read so that the server never waits for them."""

    def __init__(self, path: Path) -> None:
        super().__init__(daemon=True)
        self._is_over = threading.Event()
        self._selector = selectors.DefaultSelector()
        for _ in range(LISTENERS):
            listener = socket.socket(socket.AF_UNIX)
            self._selector.register(listener, selectors.EVENT_READ)
            listener.connect(str(path))
            listener.sendall(f"SUBSCRIBE {_CHANNEL}\r\n".encode())

    def run(self) -> None:
        while not self._is_over.is_set():
            for key, _ in self._selector.select(timeout=0.1):
                assert isinstance(key.fileobj, socket.socket)
                key.fileobj.recv(_CHUNK)

    def end(self) -> None:
        self._is_over.set()
        self.join()
        for key in list(self._selector.get_map().values()):
            assert isinstance(key.fileobj, socket.socket)
            key.fileobj.close()
        self._selector.close()


def ms_per_hearing(directory: Path) -> float:
    """Milliseconds of one core; ``directory`` is made and belongs to the server."""
    socket_dir = layout.servers_dir(directory)
    server = EmbeddedRedis(data_dir=directory, socket_dir=socket_dir)
    sockets.prepare(socket_dir)
    try:
        server.start()
        with redis.Redis.from_url(server.url()) as client:
            return _measured(server, client)
    finally:
        server.stop()
        sockets.remove(socket_dir)


def _measured(server: EmbeddedRedis, client: redis.Redis) -> float:
    alone_s = _seconds_to_publish(server, client)
    listeners = Listeners(server.socket)
    listeners.start()
    try:
        wait_until(lambda: client.pubsub_numsub(_CHANNEL)[0][1] == LISTENERS, "all listen")
        heard_s = _seconds_to_publish(server, client)
    finally:
        listeners.end()
    return 1_000 * max(heard_s - alone_s, 0.0) / (MESSAGES * LISTENERS)


def _seconds_to_publish(server: EmbeddedRedis, client: redis.Redis) -> float:
    assert server.process is not None
    process = psutil.Process(server.process.pid)
    before = process.cpu_times()
    for _ in range(MESSAGES):
        client.publish(_CHANNEL, "123:45678")
    after = process.cpu_times()
    return after.user + after.system - before.user - before.system
