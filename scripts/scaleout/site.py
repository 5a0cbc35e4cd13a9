"""A site of several of each: PostgreSQL and a streaming replica, Redis, two web instances, workers, beats, and nginx.

Contract   The proxy's configuration is the one of deploy/proxy; only addresses and folders are put in. The application
           signs in to PostgreSQL (SCRAM) and to Redis with a password; only the owner of the tables needs none.
           ``code`` is whose programs run: this tree's, or those of another version.
"""

import os
import shutil
import signal
import socket
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

import psycopg
import redis

from opinion_market.local import binaries, layout, processes, sockets
from opinion_market.local.postgres import DURABLE, EmbeddedPostgres
from opinion_market.local.redis import EmbeddedRedis
from scripts.scaleout.programs import PROJECT, Program, status_of, wait_until

_FOREIGN: Final = ("DATABASE_URL", "DATABASE_REPLICA_URL", "REDIS_URL", "PROCESS_ROLE", "DJANGO_SETTINGS_MODULE")
KEY: Final = "scale-out-scale-out-scale-out-scale-out-scale-out-0001"  # not-a-secret
_HBA: Final = f"""
local replication {layout.OWNER} trust
local all {layout.OWNER} trust
local all all scram-sha-256
"""


@dataclass(frozen=True, slots=True)
class Secrets:
    """What the programs sign, seal and sign in with."""

    key: str = KEY
    fallbacks: str = ""
    role: str = layout.APP_ROLE
    database_password: str = "first:of/two@the database"  # noqa: S105  # not-a-secret
    redis_password: str = "first:of/two@redis"  # noqa: S105  # not-a-secret


class Site:
    def __init__(self, directory: Path, *, code: Path = PROJECT) -> None:
        self.directory, self.code = directory, code
        self.secrets = Secrets()
        self.port, *ports = free_ports(3)
        primary, standby = layout.servers_dir(directory / "primary"), layout.servers_dir(directory / "replica")
        self.primary = EmbeddedPostgres(data_dir=directory / "primary", socket_dir=primary, settings=DURABLE)
        self.replica = EmbeddedPostgres(data_dir=directory / "replica", socket_dir=standby, settings=DURABLE)
        self.redis = EmbeddedRedis(data_dir=directory / "redis", socket_dir=primary)
        self.webs = [self._program(f"web{n}", "web", port) for n, port in enumerate(ports, 1)]
        self.workers = [self._program(f"worker{n}", "worker") for n in (1, 2)]
        self.beats = [self._program(f"beat{n}", "beat") for n in (1, 2)]
        self._proxy: subprocess.Popen[bytes] | None = None

    @property
    def proxy_pid(self) -> int:
        assert self._proxy is not None
        return self._proxy.pid

    @property
    def programs(self) -> list[Program]:
        return [*self.webs, *self.workers, *self.beats]

    def database_url(self, server: EmbeddedPostgres, secrets: Secrets) -> str:
        user = f"{secrets.role}:{quote(secrets.database_password, safe='')}"
        return layout.postgres_url(server.socket_dir, user=user)

    def redis_url(self, secrets: Secrets) -> str:
        return f"unix://:{quote(secrets.redis_password, safe='')}@{self.redis.socket}"

    def environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if name not in _FOREIGN}
        return kept | self._of_secrets() | {
            "DEMO": "false", "WEB_PROCESSES": "1", "WORKER_PROCESSES": "1", "TRUSTED_PROXIES": "1", "HTTP_THREADS": "8",
            "API_READS": "10000000", "API_WRITES": "10000000", "API_CANCELS": "10000000",
            "STARTING_CREDITS": "100000", "LOG_CONSOLE_LEVEL": "WARNING", "PYTHONUNBUFFERED": "1", "LOG_DIR": "none",
        }  # fmt: skip

    def _of_secrets(self) -> dict[str, str]:
        return {
            "DATABASE_URL": self.database_url(self.primary, self.secrets),
            "DATABASE_REPLICA_URL": self.database_url(self.replica, self.secrets),
            "REDIS_URL": self.redis_url(self.secrets),
            "SECRET_KEY": self.secrets.key,
            "SECRET_KEY_FALLBACKS": self.secrets.fallbacks,
        }

    def use(self, secrets: Secrets) -> None:
        """For every program from its next start on."""
        self.secrets = secrets
        for program in self.programs:
            program.environment.update(self._of_secrets())

    def _program(self, name: str, role: str, port: int = 0) -> Program:
        return Program(name, role, directory=self.directory, environment=self.environment(), port=port, code=self.code)

    def start(self) -> None:
        for server in (self.primary, self.redis):
            sockets.prepare(server.socket_dir if isinstance(server, EmbeddedPostgres) else server.socket.parent)
            server.start()
        self.primary.create_database()
        self._ask_for_passwords()
        self.lay_out()
        self._start_replica()
        for program in self.programs:
            program.start()
        for web in self.webs:
            wait_until(lambda web=web: web.ready() == 200, f"{web.name} is ready")  # type: ignore[misc]
        self._start_proxy()

    def _ask_for_passwords(self) -> None:
        """From here on only the owner of the tables gets in without one."""
        (self.primary.data_dir / "pg_hba.conf").write_text(_HBA, encoding="utf-8")
        with self.connect(autocommit=True) as connection:
            connection.execute("SELECT pg_reload_conf()")
        with redis.Redis.from_url(self.redis.url()) as client:
            client.config_set("requirepass", self.secrets.redis_password)

    def lay_out(self) -> None:
        """The tables, and the first role with its rights and password: by the script of images and units."""
        environment = self.environment() | self._as_owner() | {
            "DATA_DIR": str(self.directory), "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
            "APP_ROLE": self.secrets.role, "APP_PASSWORD": self.secrets.database_password,
        }  # fmt: skip
        script = ["sh", "deploy/image/migrate.sh"]
        subprocess.run(script, cwd=self.code, env=environment, stdout=subprocess.DEVNULL, check=True)

    def migrate(self, code: Path | None = None) -> None:
        """To the tables of ``code``, as their owner."""
        self.manage("migrate", "--noinput", code=code, **self._as_owner())

    def let_in(self, secrets: Secrets, code: Path | None = None) -> None:
        """The role of ``secrets`` with the rights of the application on all tables, and the password of ``secrets``."""
        command = ("grant_app_role", "--role", secrets.role, "--password-env", "APP_PASSWORD")
        self.manage(*command, code=code, APP_PASSWORD=secrets.database_password, **self._as_owner())

    def _as_owner(self) -> dict[str, str]:
        return {"DATABASE_URL": self.primary.url(), "PROCESS_ROLE": "migration"}

    def _start_replica(self) -> None:
        sockets.prepare(self.replica.socket_dir)
        self.replica.data_dir.mkdir(mode=0o700)
        processes.give_to_server_account(self.replica.data_dir)
        copying = processes.start(
            [
                str(binaries.postgres_bin() / "pg_basebackup"), "-h", str(self.primary.socket_dir), "-U", layout.OWNER,
                "-D", str(self.replica.data_dir), "-X", "stream", "-c", "fast", "-R",
            ],
            as_server=True,
            cwd=self.directory,
        )  # fmt: skip
        if copying.wait(120) != 0:
            raise RuntimeError("pg_basebackup failed")
        self.replica.start()

    def _start_proxy(self) -> None:
        home = self.directory / "proxy"
        home.mkdir()
        file = home / "nginx.conf"
        file.write_text(self._proxy_configuration(home), encoding="utf-8")
        program = nginx()
        with (self.directory / "nginx.log").open("ab") as log:
            self._proxy = processes.start(
                [program, "-e", str(home / "error.log"), "-c", str(file), "-g", "daemon off;"],
                output=log.fileno(),
                death_signal=signal.SIGTERM,
            )
        wait_until(lambda: status_of(f"http://127.0.0.1:{self.port}/health") == 200, "nginx answers")

    def _proxy_configuration(self, home: Path) -> str:
        text = (PROJECT / "deploy/proxy/nginx.conf").read_text(encoding="utf-8")
        for name, how in (("web", "max_fails=2 fail_timeout=2s"), ("sockets", "max_fails=0")):
            one = f"server {name}:8000 {how};"
            assert one in text, f"the proxy's configuration has no {one}"
            text = text.replace(one, " ".join(one.replace(f"{name}:8000", f"127.0.0.1:{w.port}") for w in self.webs))
        text = text.replace("worker_processes auto;", "worker_processes 1;")
        text = text.replace("listen 8080;", f"listen 127.0.0.1:{self.port};")
        return text.replace("/tmp/", f"{home}/").replace("/dev/stderr", str(home / "error.log"))  # noqa: S108

    def manage(self, *arguments: str, code: Path | None = None, **more: str) -> str:
        """What a command of manage.py, or ``-m MODULE``, printed. Raises: CalledProcessError"""
        environment = self.environment() | {"PROCESS_ROLE": "command", "DATA_DIR": str(self.directory)} | more
        command = [sys.executable, *(arguments if arguments[0] == "-m" else ("manage.py", *arguments))]
        done = subprocess.run(
            command, cwd=code or self.code, env=environment, stdout=subprocess.PIPE, text=True, check=True
        )
        return done.stdout

    def connect(self, **options: Any) -> psycopg.Connection[Any]:
        return psycopg.connect(self.primary.url(), **options)

    def leader(self) -> str:
        """Which beat leads: the pid is in the holder's name."""
        with self.connect(autocommit=True) as connection:
            row = connection.execute("SELECT holder FROM common_lease WHERE name = 'beat' AND until > now()").fetchone()
        return str(row[0]) if row else ""

    def stop(self) -> None:
        if self._proxy is not None:
            processes.stop(self._proxy)
        for program in self.programs:
            program.stop()
        for server in (self.replica, self.redis, self.primary):
            server.stop()
        for folder in (self.primary.socket_dir, self.replica.socket_dir):
            sockets.remove(folder)


def nginx() -> str:
    """Its path. Raises: FileNotFoundError"""
    found = shutil.which("nginx", path=os.environ.get("PATH", "") + ":/usr/sbin:/usr/local/sbin")
    if found is None:
        raise FileNotFoundError("nginx is missing: apt install nginx-light")
    return found


def free_ports(count: int) -> list[int]:
    probes = [socket.socket() for _ in range(count)]
    try:
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        return [int(probe.getsockname()[1]) for probe in probes]
    finally:
        for probe in probes:
            probe.close()
