"""Programs of a site that are started, told to end, killed and started again; each with its log and its folder."""

import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from opinion_market.local import processes

PROJECT: Final = Path(__file__).resolve().parents[2]
#: A busy machine is no mistake; what should take a second may take this long before it is one.
PATIENCE_S: Final = 600.0


class NotInTimeError(Exception):
    """Something that has to happen did not."""


def wait_until(is_so: Callable[[], bool], what: str, *, within_s: float = PATIENCE_S) -> float:
    """Seconds until ``is_so``. Raises: NotInTimeError"""
    began = time.monotonic()
    while not is_so():
        if time.monotonic() > began + within_s:
            raise NotInTimeError(f"{what}: not within {within_s:.0f} s")
        time.sleep(0.02)
    return time.monotonic() - began


class Program:
    """``manage.py run ROLE`` of the version in ``code``, with an environment of its own; ``port`` of a web instance."""

    def __init__(
        self, name: str, role: str, *, directory: Path, environment: Mapping[str, str], code: Path, port: int = 0
    ) -> None:
        self.name, self.role, self.port, self.code = name, role, port, code
        self.home = directory / name
        self.home.mkdir(exist_ok=True)
        self.log_file = directory / f"{name}.log"
        self.environment = {**environment, "DATA_DIR": str(self.home), "PORT": str(port or 1)}
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    @property
    def is_running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def start(self) -> None:
        with self.log_file.open("ab") as log:
            self._process = processes.start(
                [sys.executable, "manage.py", "run", self.role],
                cwd=self.code,
                env=self.environment,
                output=log.fileno(),
            )

    def tell_to_end(self) -> None:
        assert self._process is not None
        self._process.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        assert self._process is not None
        self._process.kill()
        processes.stop(self._process)

    def wait_for_end(self) -> int:
        """Its exit code. Raises: NotInTimeError"""
        assert self._process is not None
        try:
            return self._process.wait(PATIENCE_S)
        except subprocess.TimeoutExpired as late:
            raise NotInTimeError(f"{self.name} has not ended") from late

    def stop(self) -> None:
        """However it is; nothing of it stays."""
        if self._process is not None:
            processes.stop(self._process, first=signal.SIGINT, patience_s=30)

    def ready(self) -> int:
        """The status of its own /ready; 0 without an answer."""
        return status_of(f"http://127.0.0.1:{self.port}/ready")

    def last_lines(self) -> str:
        return "\n".join(self.log_file.read_text(errors="replace").splitlines()[-15:]) if self.log_file.exists() else ""


def status_of(url: str) -> int:
    return visit(url, "")[0]


def visit(url: str, cookie: str) -> tuple[int, str]:
    """The status, 0 without an answer, and the cookie to come back with: a session gets another one now and then."""
    request = urllib.request.Request(url, headers={"Cookie": cookie} if cookie else {})  # noqa: S310  our own address
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310
            return int(answer.status), _kept(answer.headers.get_all("Set-Cookie", []), cookie)
    except urllib.error.HTTPError as refusal:
        with refusal:
            return refusal.code, cookie
    except (urllib.error.URLError, OSError):
        return 0, cookie


def _kept(given: list[str], cookie: str) -> str:
    name = cookie.partition("=")[0]
    same = [line.partition(";")[0] for line in given if name and line.startswith(f"{name}=")]
    return same[-1] if same else cookie
