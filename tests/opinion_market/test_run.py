"""``manage.py run`` starts the same programs as ``make up``, in its own process."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from opinion_market.management.commands.run import ROLES, command_of
from opinion_market.settings.env import read


def test_every_program_has_its_command_line() -> None:
    env = read({"WEB_PROCESSES": "3", "WORKER_PROCESSES": "2", "JOB_PROCESSES": "5", "MAX_WORKERS": "4", "PORT": "81"})
    lines = {name: " ".join(command_of(name, env, Path("/data"))[1:]) for name in ROLES}
    assert "--port 81 --workers 3" in lines["web"]
    assert "--concurrency 2 --pool prefork --queues celery " in lines["worker"]
    assert "--concurrency 4 --pool prefork --queues jobs " in lines["jobs"]
    assert "--concurrency 16 --pool threads --queues alerting " in lines["alerting"]
    assert lines["beat"].endswith("--schedule /data/beat-schedule --pidfile ")


@pytest.mark.slow
def test_it_becomes_the_web_server(tmp_path: Path) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = os.environ | {"PORT": str(port), "WEB_PROCESSES": "1", "DATA_DIR": str(tmp_path), "LOG_DIR": "none"}
    environment["DJANGO_SETTINGS_MODULE"] = "opinion_market.settings.dev"
    program = subprocess.Popen([sys.executable, "manage.py", "run", "web"], env=environment, cwd=Path.cwd())
    try:
        assert _answer(port) == 200
        # One process, not a parent that would keep a signal for itself.
        line = Path(f"/proc/{program.pid}/cmdline").read_text()
        assert "granian" in line
        assert "manage.py" not in line
    finally:
        program.send_signal(signal.SIGTERM)
        assert program.wait(30) == 0


def _answer(port: int) -> int:
    deadline = time.monotonic() + 60
    while True:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=2) as answer:
                return int(answer.status)
        except OSError:
            assert time.monotonic() < deadline, "it does not answer"
            time.sleep(0.2)
