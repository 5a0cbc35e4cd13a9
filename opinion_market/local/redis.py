"""One embedded Redis server on a private socket."""

import signal
import subprocess
import time
from pathlib import Path

import redis

from opinion_market.local import binaries, layout, processes
from opinion_market.local.postgres import ServerError


class EmbeddedRedis:
    name = "Redis"

    def __init__(self, *, data_dir: Path, socket_dir: Path) -> None:
        self.data_dir = data_dir
        self.socket = socket_dir / layout.REDIS_SOCKET
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Launch it, and wait until it answers."""
        self.launch()
        self._wait()

    def launch(self) -> None:
        """Start; one left behind by an earlier run is stopped first."""
        self.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
        processes.give_to_server_account(self.data_dir)
        pid_file = self.data_dir / "redis.pid"
        # The server shows its socket in its process title.
        processes.stop_leftover(pid_file, marker=f"unixsocket:{self.socket}", gentle=signal.SIGTERM)
        for leftover in (pid_file, self.socket):
            leftover.unlink(missing_ok=True)
        self.process = processes.start(
            [
                str(binaries.redis_server()), "--port", "0", "--unixsocket", str(self.socket),
                "--unixsocketperm", "700",
                "--save", "", "--appendonly", "no", "--maxmemory", "256mb", "--maxmemory-policy", "noeviction",
                "--pidfile", "redis.pid", "--daemonize", "no", "--loglevel", "warning", "--logfile", "redis.log",
            ],
            as_server=True,
            output=subprocess.DEVNULL,
            cwd=self.data_dir,
        )  # fmt: skip

    def stop(self) -> None:
        if self.process is not None:
            processes.stop(self.process)
            self.process = None

    def url(self) -> str:
        return layout.redis_url(self.socket.parent)

    def _wait(self) -> None:
        assert self.process is not None
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline and self.process.poll() is None:
            if self.is_answering():
                return
            time.sleep(0.02)
        self.stop()
        raise ServerError(self.failure())

    def is_answering(self) -> bool:
        with redis.Redis.from_url(self.url(), socket_timeout=2, socket_connect_timeout=2) as client:
            try:
                client.ping()
            except (redis.ConnectionError, redis.TimeoutError):
                return False
        return True

    def failure(self) -> str:
        """What to tell people when it did not start."""
        return f"Redis did not start; see {self.data_dir / 'redis.log'}"
