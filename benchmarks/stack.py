"""PostgreSQL, Redis and a web server of the run's own, and programs that use them."""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from opinion_market.local import binaries, layout, postgres, processes, redis, servers, sockets
from opinion_market.local.supervisor import web_command
from opinion_market.settings.env import read

PROJECT: Final = Path(__file__).resolve().parents[1]
YARDSTICK: Final = "pgbench"
WEB_PROCESSES: Final = read(os.environ).web_processes


class Stack:
    """``call`` runs a function of ``benchmarks.jobs``, or of another module with jobs, in a process of its own."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.socket_dir = sockets.prepare(layout.servers_dir(directory))
        home = servers.reachable_data_dir(directory)
        self.home = home
        self.postgres = postgres.EmbeddedPostgres(
            data_dir=home / "postgres", socket_dir=self.socket_dir, settings=postgres.DURABLE
        )
        self.redis = redis.EmbeddedRedis(data_dir=home / "redis", socket_dir=self.socket_dir)

    def start(self) -> None:
        self.postgres.start()
        self.redis.start()
        self.postgres.create_database()
        self.postgres.create_database(YARDSTICK)

    def stop(self) -> None:
        self.redis.stop()
        self.postgres.stop()
        for directory in (self.home, self.directory, self.socket_dir):
            shutil.rmtree(directory, ignore_errors=True)

    def environment(self, role: str) -> dict[str, str]:
        return os.environ | {
            "DJANGO_SETTINGS_MODULE": "benchmarks.settings",
            "DATABASE_URL": self.postgres.url(),
            "REDIS_URL": self.redis.url(),
            "PROCESS_ROLE": role,
            # As `make up` has it: the lines go to files, not among the figures.
            "LOG_CONSOLE_LEVEL": "WARNING",
        }

    def call(self, job: str, *, module: str = "benchmarks.jobs", **arguments: Any) -> Any:
        command = [sys.executable, "-m", "benchmarks.django_run", module, job, json.dumps(arguments)]
        return _answer(command, self.environment("command"))

    def pgbench(self, *arguments: str) -> str:
        command = [str(binaries.postgres_bin() / "pgbench"), "-h", str(self.socket_dir), "-U", layout.OWNER, *arguments]
        # As the account that owns the socket directory, which nobody else may enter.
        account = processes.server_account()
        identity: dict[str, Any] = {} if account is None else {"user": account.pw_uid, "group": account.pw_gid}
        done = subprocess.run([*command, YARDSTICK], capture_output=True, text=True, check=True, cwd="/", **identity)
        return str(done.stdout)

    @contextmanager
    def web(self) -> Iterator[int]:
        """The product's own web server with its default settings; yields the port."""
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = int(probe.getsockname()[1])
        command = web_command(
            python=sys.executable, server="granian", host="127.0.0.1", port=port, processes=WEB_PROCESSES
        )
        process = subprocess.Popen(command, cwd=PROJECT, env=self.environment("web"))
        try:
            _wait(port, process)
            yield port
        finally:
            process.terminate()
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    @contextmanager
    def streaming(self, **arguments: Any) -> Iterator[None]:
        """Requests in the background for as long as the block lasts."""
        process = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.load", json.dumps({**arguments, "seconds": 3_600})],
            cwd=PROJECT,
            stdout=subprocess.DEVNULL,
        )
        try:
            yield
        finally:
            process.terminate()
            process.wait()


def load(**arguments: Any) -> Any:
    """What the load generator reports of one run."""
    return _answer([sys.executable, "-m", "benchmarks.load", json.dumps(arguments)], dict(os.environ))


def _answer(command: list[str], environment: dict[str, str]) -> Any:
    done = subprocess.run(command, cwd=PROJECT, env=environment, stdout=subprocess.PIPE, text=True, check=True)
    return json.loads(done.stdout.splitlines()[-1])


def _wait(port: int, process: subprocess.Popen[bytes]) -> None:
    for _ in range(600):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        assert process.poll() is None, "the web server did not start"
        time.sleep(0.05)
    raise TimeoutError("the web server did not start")
