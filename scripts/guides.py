"""Runs every command of the guides, in the order of the site, against a product of its own in a temporary folder.

    guides.py           starts the product, runs all, stops it; exit 1 and the command when one fails
    guides.py --list    what would run, and what wouldn't and why

Commands are blocks fenced as bash, sh or console. Blocks of doors alone (``make test``) are stages of CI; ``make up``
starts the product here. Any other block is run, unless the guide itself says below it, in italics and for its reader,
``*Run by ...*`` (another door runs these very lines) or ``*Not run here ...*`` (why, and how to check).
What a reader puts in place of an example (an address, a key, a folder, a time) is put in here: see ``Stage.as_run``.
"""

import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
GUIDES = (
    "README.md", "CONTRIBUTING.md", "SECURITY.md", "docs/install.md", "docs/first-market.md", "docs/operate.md",
    "docs/backups.md", "docs/upgrading.md",
)  # fmt: skip
BLOCK = re.compile(
    r"^(?P<indent> *)```(?:bash|sh|console)\n(?P<text>.*?)^ *```[ ]*\n"
    r"(?:\s*^ *\*(?P<note>(?:Run by|Not run here)[^*]+)\*)?",
    re.MULTILINE | re.DOTALL,
)
DOOR = re.compile(r"make (?P<name>\w+)(?: SHORT=1)?(?: +#.*)?")
BLOCK_S, START_S, STOP_S = 240, 600, 120
#: An answer that refuses is a failure of the command as well.
PRELUDE = 'curl() { command curl --fail "$@"; }\n'
#: Somebody who may trade, of the demo.
MAKE_KEY = (
    "from accounts.models import User; from accounts.services.create_api_key import create_api_key; "
    "print(create_api_key(user_id=User.objects.get(username='alice').pk, name='guides', scopes=['read', 'trade'])"
    ".secret)"
)


@dataclass(frozen=True)
class Command:
    place: str
    text: str
    #: What the guide says below a block that isn't run here; empty for others.
    note: str

    @property
    def doors(self) -> list[str]:
        """Of a block of doors alone."""
        found = [DOOR.fullmatch(line) for line in self.text.splitlines()]
        return [door["name"] for door in found if door] if all(found) else []

    @property
    def is_run(self) -> bool:
        return not self.note and not self.doors


def guides() -> list[Path]:
    """Those that build on each other first, then all others by name."""
    first = [ROOT / name for name in GUIDES]
    return first + sorted(path for path in (ROOT / "docs").glob("*.md") if path not in first)


def commands(path: Path) -> Iterator[Command]:
    text = path.read_text(encoding="utf-8")
    for found in BLOCK.finditer(text):
        line = text.count("\n", 0, found.start("text")) + 1
        lines = [part.removeprefix(found["indent"]) for part in found["text"].splitlines()]
        note = " ".join((found["note"] or "").split())
        yield Command(f"{path.relative_to(ROOT)}:{line}", "\n".join(lines), note)


def block(page: str, beginning: str) -> str:
    """The commands of the one block of ``page`` that begins so, for whoever else runs them."""
    (found,) = (command.text for command in commands(ROOT / page) if command.text.startswith(beginning))
    return found


class Stage:
    """A product of its own: data, port and key."""

    def __init__(self, work: Path) -> None:
        self.work = work
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        self.url = f"http://127.0.0.1:{self.port}"
        self.environment = {
            name: os.environ[name] for name in ("HOME", "LANG", "TMPDIR", "USER") if name in os.environ
        } | {
            "PATH": f"{ROOT}/.venv/bin:{os.environ['PATH']}",
            "DATA_DIR": str(work / "data"),
            "LOG_DIR": str(work / "logs"),
            "PORT": str(self.port),
            "OM_URL": self.url,
        }
        #: When the block before this one began.
        self.moment = ""
        self.program: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """``up`` gives itself a minute; on a busy machine it is started again, as a person would."""
        deadline = time.monotonic() + START_S
        self._launch()
        while not self._is_ready():
            if time.monotonic() > deadline:
                raise SystemExit(f"The product didn't start:\n{(self.work / 'up.log').read_text()[-3000:]}")
            if self.program is not None and self.program.poll() is not None:
                self._launch()
            time.sleep(0.5)
        made = self.run(f'.venv/bin/python manage.py shell --verbosity 0 -c "{MAKE_KEY}"')
        found = re.findall(r"omk_\S+", made.stdout)
        if not found:
            raise SystemExit(f"No key could be made:\n{made.stdout[-3000:]}")
        self.environment["OM_KEY"] = found[-1]

    def _launch(self) -> None:
        with (self.work / "up.log").open("ab") as log:
            self.program = subprocess.Popen(["make", "up"], cwd=ROOT, env=self.environment, stdout=log, stderr=log)

    def stop(self) -> None:
        if self.program is not None:
            self.program.send_signal(signal.SIGTERM)
            self.program.wait(STOP_S)

    def as_run(self, text: str) -> str:
        """``text`` with what a reader puts in place of the examples."""
        text = text.replace("http://127.0.0.1:8000", self.url).replace("omk_...", self.environment.get("OM_KEY", ""))
        text = re.sub(r"\d{4}-\d\d-\d\dT[\d:]+\+00:00", self.moment, text)
        text = re.sub(r"(?<![\w./])\.data/?(?=[\s\w]|$)", f"{self.work}/data/", text)
        # What a release adds to the repository.
        text = text.replace("> docs/releases/", f"> {self.work}/srv/")
        return re.sub(r"(?<![\w.])/(backups|srv)/", rf"{self.work}/\1/", text)

    def run(self, text: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["bash", "-euo", "pipefail", "-c", PRELUDE + self.as_run(text)], cwd=ROOT, env=self.environment, text=True,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=BLOCK_S, check=False,
        )  # fmt: skip

    def _is_ready(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/ready", timeout=5) as answer:  # noqa: S310  our own address
                return bool(answer.status == 200)
        except (OSError, urllib.error.URLError):
            return False


def run_all(found: list[Command]) -> int:
    with tempfile.TemporaryDirectory(prefix="om-guides-") as work:
        # For the account that the servers run as, when it is another one.
        Path(work).chmod(0o755)
        stage = Stage(Path(work))
        for name in ("backups", "srv"):
            (stage.work / name).mkdir(mode=0o777)
        try:
            stage.start()
            for command in found:
                began, at = time.monotonic(), datetime.now(UTC).isoformat(timespec="seconds")
                done = stage.run(command.text)
                stage.moment = at
                print(
                    f"{'ok  ' if done.returncode == 0 else 'FAIL'} {command.place} ({time.monotonic() - began:.1f} s)"
                )
                if done.returncode:
                    print(f"{command.text}\n{done.stdout[-3000:]}")
                    return 1
        finally:
            stage.stop()
    return 0


def main(arguments: list[str]) -> int:
    found = [command for path in guides() for command in commands(path)]
    for command in found:
        if not command.is_run:
            print(f"--   {command.place}: {command.note or 'doors: ' + ', '.join(command.doors)}")
    runnable = [command for command in found if command.is_run]
    if arguments == ["--list"]:
        print("\n".join(f"run  {command.place}: {command.text.splitlines()[0]}" for command in runnable))
        return 0
    code = run_all(runnable)
    print(f"{len(runnable)} of {len(found)} blocks of commands run" if code == 0 else "A command of the guides fails.")
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
