"""The whole of ``make up`` but the demo, in a directory of its own."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import psutil
import pytest

from opinion_market.local import layout, processes, servers
from opinion_market.settings.env import INSECURE_SECRET_KEY

pytestmark = pytest.mark.slow


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Up:
    def __init__(self, project_dir: Path, data_dir: Path) -> None:
        self.project_dir = project_dir
        self.data_dir = data_dir
        self.port = free_port()
        self.processes: list[subprocess.Popen[str]] = []

    def start(self, **environment: str) -> subprocess.Popen[str]:
        kept = {key: value for key, value in os.environ.items() if key in ("PATH", "HOME", "LANG")}
        own = {"PORT": str(self.port), "DATA_DIR": str(self.data_dir), "DEMO": "false"}
        process = subprocess.Popen(
            [sys.executable, "manage.py", "up"],
            cwd=self.project_dir,
            env=kept | own | environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.processes.append(process)
        return process

    def start_fully(self) -> subprocess.Popen[str]:
        process = self.start()
        assert process.stdout is not None
        said = ""
        while "Ctrl-C" not in said:
            line = process.stdout.readline()
            assert line, said
            said += line
        assert f"http://127.0.0.1:{self.port}/" in said
        return process

    def ready(self) -> dict[str, object]:
        answer: dict[str, object] = httpx.get(f"http://127.0.0.1:{self.port}/ready").json()
        return answer

    def is_ready(self) -> bool:
        try:
            return self.ready() == READY
        except httpx.TransportError:
            return False

    def servers(self) -> list[int]:
        kept = servers.reachable_data_dir(self.data_dir)
        files = [kept / "postgres" / "postmaster.pid", kept / "redis" / "redis.pid"]
        # A server that is just starting may not have written its number yet.
        return [int(word) for file in files if file.exists() for word in file.read_text().split()[:1]]

    def children(self) -> list[int]:
        run_dir = servers.reachable_data_dir(self.data_dir) / "run"
        return [int(path.read_text()) for path in run_dir.glob("*.pid")]


@pytest.fixture
def up(project_dir: Path, tmp_path: Path) -> Iterator[Up]:
    made = Up(project_dir, tmp_path / "with a space")
    yield made
    for process in made.processes:
        if process.poll() is None:
            process.send_signal(signal.SIGINT)
        process.communicate(timeout=60)
    kept = servers.reachable_data_dir(made.data_dir)
    subprocess.run(["rm", "-rf", str(kept), str(layout.servers_dir(made.data_dir))], check=True)


READY = {"status": "ready", "parts": {"database": "ok", "redis": "ok"}}


def test_a_life_with_kills(up: Up) -> None:
    up.start_fully().kill()
    first = up.start_fully()
    assert up.ready() == READY
    refuses_a_second(up)
    one_web_server_answers_while_the_other_comes_back(up)
    what_is_killed_comes_back_by_itself(up)
    stops(up, first)


def refuses_a_second(up: Up) -> None:
    second = up.start()
    said, _ = second.communicate(timeout=60)
    assert "already runs from this directory" in said
    assert second.returncode == 1
    assert up.ready() == READY


def one_web_server_answers_while_the_other_comes_back(up: Up) -> None:
    for name in ("web", "web-twin"):
        file = servers.reachable_data_dir(up.data_dir) / "run" / f"{name}.pid"
        killed = int(file.read_text())
        os.kill(killed, signal.SIGKILL)
        deadline, answers = time.monotonic() + 60, list[bool]()
        while file.read_text() in ("", str(killed)) or not has_children(int(file.read_text())):
            answers.append(up.is_ready())
            assert time.monotonic() < deadline, "it did not come back in time"
            time.sleep(0.1)
        # What the killed one had accepted in its last moment is lost.
        assert answers.count(False) <= 2


def has_children(pid: int) -> bool:
    return psutil.pid_exists(pid) and bool(psutil.Process(pid).children())


def what_is_killed_comes_back_by_itself(up: Up) -> None:
    children, killed = up.children(), up.servers()
    assert len(children) == 6
    for pid in [*killed, *children]:
        os.kill(pid, signal.SIGKILL)
    deadline = time.monotonic() + 60
    while set(up.servers()) & set(killed) or set(up.children()) & set(children) or not up.is_ready():
        assert time.monotonic() < deadline, "they did not come back in time"
        time.sleep(0.2)
    assert [len(up.servers()), len(up.children())] == [2, 6]


def stops(up: Up, first: subprocess.Popen[str]) -> None:
    children = up.children()
    first.send_signal(signal.SIGINT)
    said, _ = first.communicate(timeout=60)
    assert said.endswith("Stopping.\nEverything has stopped.\n")
    assert first.returncode == 0
    assert [processes.command_line(pid) for pid in children] == [""] * 6


def test_a_taken_port_is_named_with_the_way_out(up: Up) -> None:
    with socket.create_server(("127.0.0.1", up.port)):
        process = up.start()
        said, _ = process.communicate(timeout=30)
    assert f"Port {up.port} is taken. Choose another one: make up PORT={up.port + 1}" in said
    assert process.returncode == 1


def test_an_address_open_to_others_needs_a_secret_key(up: Up) -> None:
    process = up.start(HOST="0.0.0.0", SECRET_KEY=INSECURE_SECRET_KEY)
    said, _ = process.communicate(timeout=30)
    assert "set SECRET_KEY to 50 random characters" in said
    assert process.returncode == 1
