"""The real product in a directory of its own, as `make up` starts it, and where its processes are.

Ownership  Every pid comes from a pid file of this run's own directory and is a child of its own `make up`, or a child
           of such a process.
"""

import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import IO, Final

import psycopg
import redis

from opinion_market.local import layout, processes, servers

PROJECT: Final = Path(__file__).resolve().parents[2]
WEB_PROGRAMS: Final = ("web", "web-twin")
START_S: Final = 120.0
_PATIENCE_S: Final = 2.0


class Product:
    """``port`` serves pages, API and sockets by two web processes."""

    def __init__(self, directory: Path, port: int) -> None:
        self.directory, self.port = directory, port
        self.data_dir = directory / "data"
        self.home = servers.reachable_data_dir(self.data_dir)
        self.socket_dir = layout.servers_dir(self.data_dir)
        self.log_file = directory / "up.log"
        self._process: subprocess.Popen[bytes] | None = None

    def environment(self) -> dict[str, str]:
        """Of the product, and of a command beside it."""
        foreign = ("DATABASE_URL", "REDIS_URL", "PROCESS_ROLE", "DJANGO_SETTINGS_MODULE")
        kept = {key: value for key, value in os.environ.items() if key not in foreign}
        return kept | {
            "DATA_DIR": str(self.data_dir), "PORT": str(self.port), "DEMO": "false",
            "WEB_PROCESSES": "2", "API_READS": "10000000", "API_WRITES": "10000000",
            "STARTING_CREDITS": "100000", "LOG_CONSOLE_LEVEL": "WARNING", "PYTHONUNBUFFERED": "1",
        }  # fmt: skip

    def start(self) -> None:
        log: IO[bytes]
        with self.log_file.open("ab") as log:
            # It stops everything that it started when it gets this signal, which it does even if we are killed.
            self._process = processes.start(
                [sys.executable, "manage.py", "up"],
                cwd=PROJECT,
                env=self.environment(),
                output=log.fileno(),
                death_signal=signal.SIGINT,
            )
        until = time.monotonic() + START_S
        while not self.is_web_up():
            if self._process.poll() is not None or time.monotonic() > until:
                raise RuntimeError(f"the product did not start:\n{self.log_file.read_text()[-2_000:]}")
            time.sleep(0.2)

    def stop(self) -> None:
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(signal.SIGINT)
            try:
                self._process.wait(60)
            except subprocess.TimeoutExpired:
                self._process.kill()

    def manage(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "manage.py", *arguments]
        return subprocess.run(
            command,
            cwd=PROJECT,
            env=self.environment() | {"PROCESS_ROLE": "command"},
            capture_output=True,
            text=True,
            check=False,
        )

    def program_pid(self, name: str) -> int | None:
        return self._child_in(self.home / "run" / f"{name}.pid")

    def web_servers(self) -> list[int]:
        """The programs that share the port."""
        return [pid for pid in map(self.program_pid, WEB_PROGRAMS) if pid is not None]

    def web_pids(self) -> list[int]:
        """The processes that answer requests, not those that watch them."""
        watched = [child for server in self.web_servers() for child in children_of(server)]
        return [pid for pid in watched if "resource_tracker" not in processes.command_line(pid)]

    def postgres_pid(self) -> int | None:
        return self._child_in(self.home / "postgres" / "postmaster.pid")

    def redis_pid(self) -> int | None:
        return self._child_in(self.home / "redis" / "redis.pid")

    def _child_in(self, file: Path) -> int | None:
        """The pid that is written there, if it is a living child of our own `make up`."""
        try:
            pid = int(file.read_text().split()[0])
        except (FileNotFoundError, ValueError, IndexError):
            return None
        is_own = self._process is not None and pid in children_of(self._process.pid)
        return pid if is_own and is_alive(pid) else None

    def is_web_up(self) -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/health", timeout=_PATIENCE_S) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError):
            return False

    def is_postgres_up(self) -> bool:
        try:
            psycopg.connect(self.database_url(), connect_timeout=2).close()
        except psycopg.OperationalError:
            return False
        return True

    def is_redis_up(self) -> bool:
        url = layout.redis_url(self.socket_dir)
        try:
            with redis.Redis.from_url(url, socket_timeout=_PATIENCE_S, socket_connect_timeout=_PATIENCE_S) as client:
                return bool(client.ping())
        except redis.RedisError:
            return False

    def database_url(self) -> str:
        return layout.postgres_url(self.socket_dir)


def children_of(pid: int | None) -> list[int]:
    try:
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except (FileNotFoundError, ProcessLookupError):
        return []


def is_alive(pid: int) -> bool:
    """Neither gone nor dead and waiting for its parent."""
    return bool(processes.command_line(pid))
