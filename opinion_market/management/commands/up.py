"""Start everything on this machine: PostgreSQL, Redis, web, workers, beat and the demo traders."""

import fcntl
import io
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command, get_commands
from django.core.management.base import BaseCommand, CommandError
from django.db import connections

from common.version import VERSION
from opinion_market.local import servers
from opinion_market.local.binaries import MissingBinaryError
from opinion_market.local.postgres import EmbeddedPostgres, ServerError
from opinion_market.local.scaling import WantedWeb
from opinion_market.local.supervisor import Program, Supervisor, beat_command, web_command, worker_command
from opinion_market.settings.env import INSECURE_SECRET_KEY

#: Much longer than it takes: whoever else uses the machine may leave little of it.
WEB_START_S = 240.0


class Command(BaseCommand):
    help = __doc__
    requires_system_checks: tuple[str, ...] = ()

    def handle(self, *args: Any, **options: Any) -> None:
        self.env = settings.ENV
        self.project_dir: Path = settings.BASE_DIR
        self.data_dir = servers.reachable_data_dir(settings.DATA_DIR)
        self._refuse_unsafe_address()
        self.data_dir.mkdir(parents=True, exist_ok=True)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        signal.signal(signal.SIGHUP, signal.default_int_handler)
        with (self.data_dir / "up.lock").open("a+") as lock:
            self._take(lock)
            supervisor = Supervisor(
                self._programs(),
                run_dir=self.data_dir / "run",
                cwd=self.project_dir,
                say=self._say,
                spares=self._spares(),
            )
            self._run(supervisor)

    def _run(self, supervisor: Supervisor) -> None:
        running: list[servers.Server] = []
        try:
            supervisor.clear_leftovers()
            self._check_port()
            self._start_servers(running)
            self._prepare_database()
            supervisor.guard(running)
            supervisor.start()
            self._greet(supervisor)
            wanted = WantedWeb(settings.REDIS_URL)
            while True:
                supervisor.use_spares(wanted.count() - self._web_processes)
                supervisor.watch(1)
        except KeyboardInterrupt:
            self._say("\nStopping.")
        except (ServerError, MissingBinaryError, subprocess.CalledProcessError) as error:
            raise CommandError(str(error)) from error
        finally:
            # A second Ctrl-C must not leave half of it running; every stop below is bounded.
            for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
                signal.signal(number, signal.SIG_IGN)
            supervisor.stop()
            for server in reversed(running):
                server.stop()
            self._say("Everything has stopped.")

    def _say(self, text: str) -> None:
        self.stdout.write(text)
        self.stdout.flush()

    def _refuse_unsafe_address(self) -> None:
        if self.env.host not in ("127.0.0.1", "::1", "localhost") and self.env.secret_key == INSECURE_SECRET_KEY:
            raise CommandError(
                f"HOST={self.env.host!r} is open to other machines: set SECRET_KEY to 50 random characters."
            )

    def _take(self, lock: Any) -> None:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            lock.seek(0)
            raise CommandError(f"Opinion Market already runs from this directory: {lock.read().strip()}") from error
        lock.truncate(0)
        lock.write(self._address())
        lock.flush()

    def _address(self) -> str:
        return f"http://{self.env.host}:{self.env.port}/"

    def _check_port(self) -> None:
        with socket.socket(socket.AF_INET6 if ":" in self.env.host else socket.AF_INET) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((self.env.host, self.env.port))
            except OSError as error:
                other = self.env.port + 1 if self.env.port < 65535 else 8000
                raise CommandError(
                    f"Port {self.env.port} is taken. Choose another one: make up PORT={other}"
                ) from error

    def _start_servers(self, running: list[servers.Server]) -> None:
        if self.data_dir != settings.DATA_DIR:
            self._say(f"  the servers cannot reach {settings.DATA_DIR}, so the data is in {self.data_dir}")
        for server in servers.embedded(
            settings.DATA_DIR, with_postgres=not self.env.database_url, with_redis=not self.env.redis_url
        ):
            began = time.monotonic()
            running.append(server)
            server.start()
            if isinstance(server, EmbeddedPostgres):
                server.create_database()
            self._say(f"  {server.name} runs ({time.monotonic() - began:.1f} s)")

    def _prepare_database(self) -> None:
        self._say("  bringing the tables up to date")
        call_command("migrate", verbosity=0, interactive=False)
        if not self.env.database_url:
            call_command("grant_app_role", stdout=io.StringIO())
        title, key = f"Version {VERSION} is live", f"deploy:{VERSION}"
        call_command("record_event", "deploy", title, "--key", key, stdout=io.StringIO())
        connections.close_all()
        if self.env.demo and "seed_demo" in get_commands():
            self._say("  looking after the demo")
            subprocess.run(
                self._manage("seed_demo"), cwd=self.project_dir, env=self._environment("command"), check=True
            )

    def _environment(self, role: str) -> Mapping[str, str]:
        # What a program prints has a file of its own that nothing rotates; the lines are in LOG_DIR.
        defaults = {"LOG_CONSOLE_LEVEL": "WARNING", "DRAIN_GRACE_S": "0"}
        return defaults | os.environ | {"PROCESS_ROLE": role, "PYTHONUNBUFFERED": "1", "PORT": str(self.env.port)}

    def _manage(self, command: str) -> list[str]:
        return [sys.executable, str(self.project_dir / "manage.py"), command]

    @property
    def _grace_s(self) -> float:
        """Nobody balances between the servers of this command, so they end at once unless somebody set a grace."""
        grace_s = self.env.drain_grace_s if os.environ.get("DRAIN_GRACE_S") else 0.0
        return float(grace_s + self.env.drain_finish_s)

    @property
    def _web_processes(self) -> int:
        return int(min(self.env.web_processes, self.env.max_workers))

    def _web(self, name: str, processes: int) -> Program:
        command = web_command(
            python=sys.executable,
            server=self.env.server,
            host=self.env.host,
            port=self.env.port,
            processes=processes,
            memory_mb=self.env.memory_threshold_mb,
            grace_s=self._grace_s,
        )
        return Program(name, command, self._environment("web"))

    def _webs(self) -> list[Program]:
        """Two servers that share the port, so that one answers while the other comes back; one for one process."""
        count = self._web_processes
        if self.env.server != "granian" or count < 2:
            return [self._web("web", count)]
        return [self._web("web", count - count // 2), self._web("web-twin", count // 2)]

    def _spares(self) -> list[Program]:
        """Web programs of one process for scaling; several servers share a port under Granian only."""
        count = self.env.max_workers - self._web_processes if self.env.server == "granian" else 0
        return [self._web(f"web-{number + 1}", 1) for number in range(count)]

    def _programs(self) -> list[Program]:
        env, python = self.env, sys.executable
        worker_processes, job_processes = (
            min(number, env.max_workers) for number in (env.worker_processes, env.job_processes)
        )
        programs = [
            *self._webs(),
            Program("worker", worker_command(python=python, processes=worker_processes), self._environment("worker")),
            Program(
                "jobs",
                worker_command(python=python, processes=job_processes, queue="jobs"),
                self._environment("worker"),
            ),
            Program(
                "alerting",
                worker_command(python=python, processes=env.delivery_threads, queue="alerting", pool="threads"),
                self._environment("worker"),
            ),
            Program("beat", beat_command(python=python, data_dir=self.data_dir), self._environment("worker")),
        ]
        if env.demo and "run_demo_traders" in get_commands():
            programs.append(Program("traders", self._manage("run_demo_traders"), self._environment("command")))
        return programs

    def _greet(self, supervisor: Supervisor) -> None:
        deadline = time.monotonic() + WEB_START_S
        while not self._web_answers():
            supervisor.watch(0.2)
            if time.monotonic() > deadline:
                raise ServerError(f"The web server does not answer; see {supervisor.log_file('web')}")
        self._say(f"\nOpinion Market is at {self._address()}")
        if "demo_logins" in get_commands():
            call_command("demo_logins", stdout=self.stdout)
            connections.close_all()
        self._say(f"Logs are in {settings.LOG_DIR or self.data_dir / 'run'}. Press Ctrl-C to stop everything.\n")

    def _web_answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self._address()}health", timeout=20) as answer:  # noqa: S310  our own http address
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError):
            return False
