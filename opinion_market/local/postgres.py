"""One embedded PostgreSQL server on a private socket.

Bound      ``start`` answers within 60 s or raises; ``stop`` within about 20 s.
Recovery   A lock file of a dead server is removed; a server that an earlier run left behind on the
           same data directory is shut down first. Nothing else is ever touched.
"""

import os
import shutil
import signal
import subprocess
import time
from pathlib import Path
from typing import IO, Final

import psycopg
from psycopg import sql

from opinion_market.local import binaries, layout, processes

DURABLE: Final = {
    "fsync": "on",
    "synchronous_commit": "on",
    "full_page_writes": "on",
    "shared_buffers": "256MB",
    "max_wal_size": "2GB",
    # A checkpoint that ends just as a backup begins must not remove what the backup is going to ask for.
    "wal_keep_size": "256MB",
    "checkpoint_timeout": "15min",
    "max_connections": "200",
    "shared_preload_libraries": "pg_stat_statements",
}
#: Tests throw their data away, so that they need not wait for the disk.
THROWAWAY: Final = DURABLE | {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "shared_buffers": "128MB",
    "autovacuum": "off",
}


class ServerError(Exception):
    """A server did not start; the message holds the end of its log."""


class EmbeddedPostgres:
    name = "PostgreSQL"

    def __init__(self, *, data_dir: Path, socket_dir: Path, settings: dict[str, str]) -> None:
        self.data_dir = data_dir
        self.socket_dir = socket_dir
        self.settings = settings
        self.log_file = data_dir.with_suffix(".log")
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Launch it, and wait until it answers."""
        self.launch()
        self._wait()

    def launch(self) -> None:
        """Initialise when new, recover what an earlier run left, and start."""
        bin_dir = binaries.postgres_bin()
        if not (self.data_dir / "PG_VERSION").exists():
            self._initialise(bin_dir)
        self._clear_leftovers()
        options = [part for name, value in self.settings.items() for part in ("-c", f"{name}={value}")]
        with self._log() as log:
            self.process = processes.start(
                [
                    str(bin_dir / "postgres"), "-D", str(self.data_dir), "-k", str(self.socket_dir),
                    "-c", "listen_addresses=", "-c", "unix_socket_permissions=0700", *options,
                ],
                as_server=True,
                output=log.fileno(),
                cwd=self.data_dir.parent,
                death_signal=signal.SIGINT,
            )  # fmt: skip

    def stop(self) -> None:
        if self.process is not None:
            processes.stop(self.process, first=signal.SIGINT, patience_s=20)
            self.process = None

    def url(self, *, user: str = layout.OWNER, database: str = layout.DATABASE) -> str:
        return layout.postgres_url(self.socket_dir, user=user, database=database)

    def create_database(self, name: str = layout.DATABASE) -> None:
        with psycopg.connect(self.url(database="postgres"), autocommit=True) as connection:
            if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone() is None:
                connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        with psycopg.connect(self.url(database=name), autocommit=True) as connection:
            connection.execute("CREATE EXTENSION IF NOT EXISTS pg_stat_statements")

    def _log(self) -> IO[bytes]:
        descriptor = os.open(self.log_file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        processes.give_to_server_account(self.log_file)
        return os.fdopen(descriptor, "ab")

    def _initialise(self, bin_dir: Path) -> None:
        # A first start that was interrupted leaves a directory without PG_VERSION, which initdb refuses.
        shutil.rmtree(self.data_dir, ignore_errors=True)
        self.data_dir.mkdir(parents=True, mode=0o700)
        processes.give_to_server_account(self.data_dir)
        command = [
            str(bin_dir / "initdb"), "-D", str(self.data_dir), "-U", layout.OWNER, "-E", "UTF8",
            "--locale-provider=builtin", "--locale=C.UTF-8", "--auth=trust", "--data-checksums", "--no-instructions",
            *(["--no-sync"] if self.settings["fsync"] == "off" else []),
        ]  # fmt: skip
        with self._log() as log:
            process = processes.start(command, as_server=True, output=log.fileno(), cwd=self.data_dir.parent)
        if process.wait(120) != 0:
            raise ServerError(f"initdb failed:\n{self._log_end()}")

    def _clear_leftovers(self) -> None:
        lock = self.data_dir / "postmaster.pid"
        processes.stop_leftover(lock, marker=f"-D {self.data_dir}", gentle=signal.SIGINT)
        # The processes of a killed server end by themselves; two servers on the same files would destroy them.
        processes.clear_directory(self.data_dir, title="postgres:", patience_s=5)
        # PostgreSQL also refuses to start when the pid in the file now belongs to another program.
        lock.unlink(missing_ok=True)
        for leftover in self.socket_dir.glob(".s.PGSQL.*"):
            leftover.unlink()

    def _wait(self) -> None:
        assert self.process is not None
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline and self.process.poll() is None:
            if self.is_answering():
                return
            time.sleep(0.05)
        self.stop()
        raise ServerError(self.failure())

    def is_answering(self) -> bool:
        try:
            psycopg.connect(self.url(database="postgres"), connect_timeout=2).close()
        except psycopg.OperationalError:
            return False
        return True

    def failure(self) -> str:
        """What to tell people when it did not start."""
        return f"PostgreSQL did not start:\n{self._log_end()}"

    def _log_end(self) -> str:
        return "\n".join(self.log_file.read_text(errors="replace").splitlines()[-15:])
