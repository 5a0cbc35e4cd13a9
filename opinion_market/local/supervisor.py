"""Keep a handful of programs running until told to stop.

Contract   A program that ends is started again after the waits of ``backoff``, an embedded server by its guard.
           All die with this process, even when it is killed; what survives that is stopped by the next start.
Ownership  Only programs that this supervisor started, or whose pid file and command line show that an
           earlier one on the same directory did, are ever signalled.
"""

import math
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from opinion_market.local import processes
from opinion_market.local.backoff import Backoff
from opinion_market.local.guard import Guard
from opinion_market.local.servers import Server

LOG_BYTES_MAX: Final = 10_000_000
#: The web server's own lines go the way of all others; it reads this before Django is there.
LOG_CONFIG: Final = Path(__file__).with_name("granian_log.json")
#: Jobs get 20 s to finish, so everything gets a little more.
STOP_PATIENCE_S: Final = 25.0
#: What a web process may need beyond its grace: farewells to sockets, and the end of its threads.
WEB_END_S: Final = 10
Say = Callable[[str], object]


@dataclass(frozen=True)
class Program:
    name: str
    command: Sequence[str]
    environment: Mapping[str, str]

    @property
    def marker(self) -> str:
        """Words of the command line that show whose process it is."""
        return " ".join(self.command[1:])


def web_command(
    *, python: str, server: str, host: str, port: int, processes: int, memory_mb: int = 0, grace_s: float = 10
) -> list[str]:
    """The command line of the web server; both serve pages and sockets on one port.

    ``memory_mb``: Granian replaces a process that was above it three times in a row; 0 for never.
    ``grace_s``: how long its processes go on answering when they are told to end, both parts of it.
    """
    application = "opinion_market.asgi:application"
    if server == "daphne":
        return [
            python, "-m", "opinion_market.daphne_server", "-b", host, "-p", str(port), "--no-server-name",
            "--verbosity", "0", application,
        ]  # fmt: skip
    memory = ["--workers-max-rss", str(memory_mb), "--rss-sample-interval", "10", "--rss-samples", "3"]
    return [
        python, "-m", "opinion_market.granian_server", "--interface", "asgi", "--host", host, "--port", str(port),
        "--workers", str(processes),
        "--http", "1", "--respawn-failed-workers", "--workers-kill-timeout", str(math.ceil(grace_s) + WEB_END_S),
        "--log-level", "warning",
        "--http1-header-read-timeout", "15000", "--no-access-log", "--log-config", str(LOG_CONFIG),
        *(memory if memory_mb else []), application,
    ]  # fmt: skip


def worker_command(*, python: str, processes: int, queue: str = "celery", pool: str = "prefork") -> list[str]:
    return [
        python, "-m", "celery", "-A", "opinion_market.celery:app", "--quiet", "worker", "--loglevel", "WARNING",
        "--concurrency", str(processes), "--pool", pool, "--queues", queue, "--hostname", f"{queue}@%h",
        "--without-gossip", "--without-mingle",
    ]  # fmt: skip


def beat_command(*, python: str, data_dir: Path) -> list[str]:
    return [
        python, "-m", "celery", "-A", "opinion_market.celery:app", "--quiet", "beat", "--loglevel", "WARNING",
        "--scheduler", "opinion_market.leading_beat:LeadingScheduler",
        "--schedule", str(data_dir / "beat-schedule"), "--pidfile", "",
    ]  # fmt: skip


@dataclass
class _Run:
    program: Program
    process: subprocess.Popen[bytes] | None = None
    backoff: Backoff = field(default_factory=Backoff)
    is_wanted: bool = True
    #: When it was told to end because it isn't wanted any more.
    ended_at: float | None = None


class Supervisor:
    """``spares`` run only while ``use_spares`` asks for them, the first ones first."""

    def __init__(
        self, programs: Sequence[Program], *, run_dir: Path, cwd: Path, say: Say, spares: Sequence[Program] = ()
    ) -> None:
        self._spares = [_Run(program, is_wanted=False) for program in spares]
        self._runs = [*(_Run(program) for program in programs), *self._spares]
        self._guards: list[Guard] = []
        self._run_dir = run_dir
        self._cwd = cwd
        self._say = say

    def clear_leftovers(self) -> None:
        """Stop what an earlier supervisor on this directory left behind."""
        self._run_dir.mkdir(parents=True, exist_ok=True)
        for run in self._runs:
            pid_file = self._pid_file(run)
            if processes.stop_leftover(pid_file, marker=run.program.marker, gentle=signal.SIGTERM):
                self._say(f"  stopped {run.program.name}, left over from an earlier run")
            pid_file.unlink(missing_ok=True)

    def guard(self, servers: Sequence[Server]) -> None:
        """Start these again too when they end; stopping them stays with who started them."""
        self._guards = [Guard(server, self._say) for server in servers]

    def start(self) -> None:
        for run in self._runs:
            if run.is_wanted:
                self._start(run)

    def use_spares(self, count: int) -> None:
        """Let the first ``count`` spares run; others finish what they do and end. ``watch`` carries it out."""
        for number, run in enumerate(self._spares):
            if run.is_wanted != (number < count):
                run.is_wanted = not run.is_wanted
                self._say(f"{run.program.name} is {'needed' if run.is_wanted else 'not needed'} now.")

    def watch(self, seconds: float) -> None:
        """Restart what ends, for ``seconds``."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            for guard in self._guards:
                guard.check()
            for run in self._runs:
                self._check(run)
            time.sleep(0.1)

    def stop(self) -> None:
        running = [run for run in self._runs if run.process is not None]
        for run in running:
            if run.process is not None and run.process.poll() is None:
                run.process.send_signal(signal.SIGTERM)
        deadline = time.monotonic() + STOP_PATIENCE_S
        for run in running:
            if run.process is not None:
                processes.stop(run.process, patience_s=max(deadline - time.monotonic(), 0.1))
            run.process = None
            self._pid_file(run).unlink(missing_ok=True)

    def log_file(self, name: str) -> Path:
        return self._run_dir / f"{name}.log"

    def _pid_file(self, run: _Run) -> Path:
        return self._run_dir / f"{run.program.name}.pid"

    def _start(self, run: _Run) -> None:
        log_file = self.log_file(run.program.name)
        if log_file.exists() and log_file.stat().st_size > LOG_BYTES_MAX:
            log_file.replace(log_file.with_suffix(".log.1"))
        with log_file.open("ab") as log:
            run.process = processes.start(
                run.program.command, env=run.program.environment, cwd=self._cwd, output=log.fileno()
            )
        run.backoff.started()
        self._keep_pid(run, run.process.pid)

    def _keep_pid(self, run: _Run, pid: int) -> None:
        """Whole at once, since an empty file would hide a process from the next start."""
        pid_file = self._pid_file(run)
        written = pid_file.with_suffix(".new")
        written.write_text(str(pid))
        written.replace(pid_file)

    def _check(self, run: _Run) -> None:
        if run.process is None:
            if run.is_wanted and run.backoff.is_due():
                self._start(run)
            return
        if not run.is_wanted or run.ended_at is not None:
            self._let_go(run, run.process)
            return
        code = run.process.poll()
        if code is None:
            return
        processes.stop(run.process)
        run.process = None
        delay_s = run.backoff.ended()
        when = f"in {delay_s:.0f} s" if delay_s else "now"
        self._say(f"{run.program.name} ended with {code}; starting it again {when}.{self._log_end(run)}")

    def _let_go(self, run: _Run, process: "subprocess.Popen[bytes]") -> None:
        if run.ended_at is None:
            process.send_signal(signal.SIGTERM)
            run.ended_at = time.monotonic()
        if process.poll() is None and time.monotonic() < run.ended_at + STOP_PATIENCE_S:
            return
        processes.stop(process)
        run.process, run.ended_at = None, None
        self._pid_file(run).unlink(missing_ok=True)

    def _log_end(self, run: _Run) -> str:
        lines = self.log_file(run.program.name).read_text(errors="replace").splitlines()[-5:]
        return "".join(f"\n    {line}" for line in lines)
