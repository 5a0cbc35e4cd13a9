import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from opinion_market.local import processes
from opinion_market.local.supervisor import Program, Supervisor, web_command

SLEEP = [sys.executable, "-c", "import time; time.sleep(60)  # program-of-the-supervisor-test"]


def wait_for(condition: Callable[[], object], seconds: float = 10) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            pytest.fail("it did not happen in time")
        time.sleep(0.02)


def supervisor(tmp_path: Path, command: list[str], said: list[str]) -> Supervisor:
    program = Program("sleeper", command, os.environ)
    made = Supervisor([program], run_dir=tmp_path / "run", cwd=tmp_path, say=said.append)
    made.clear_leftovers()
    return made


def pid(tmp_path: Path) -> int:
    return int((tmp_path / "run" / "sleeper.pid").read_text())


def test_what_ends_is_started_again(tmp_path: Path) -> None:
    said: list[str] = []
    keeper = supervisor(tmp_path, SLEEP, said)
    keeper.start()
    first = pid(tmp_path)
    os.kill(first, signal.SIGKILL)
    keeper.watch(1.5)
    second = pid(tmp_path)
    keeper.stop()
    assert said == ["sleeper ended with -9; starting it again in 1 s."]
    assert second != first
    assert processes.command_line(second) == ""


def test_a_program_that_keeps_failing_waits_longer_each_time(tmp_path: Path) -> None:
    said: list[str] = []
    keeper = supervisor(tmp_path, [sys.executable, "-c", "import sys; sys.exit('no luck')"], said)
    keeper.start()
    keeper.watch(2)
    keeper.stop()
    assert said == [
        "sleeper ended with 1; starting it again in 1 s.\n    no luck",
        "sleeper ended with 1; starting it again in 2 s.\n    no luck\n    no luck",
    ]


def test_a_start_after_kill_9_stops_what_was_left(tmp_path: Path) -> None:
    (tmp_path / "run").mkdir()
    left = subprocess.Popen(SLEEP, process_group=0)
    wait_for(lambda: processes.command_line(left.pid))
    wait_for(lambda: processes.command_line(left.pid))
    (tmp_path / "run" / "sleeper.pid").write_text(str(left.pid))
    said: list[str] = []
    supervisor(tmp_path, SLEEP, said)
    assert left.wait(10) == -signal.SIGTERM
    assert said == ["  stopped sleeper, left over from an earlier run"]


def test_a_pid_that_belongs_to_somebody_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "run").mkdir()
    other = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    (tmp_path / "run" / "sleeper.pid").write_text(str(other.pid))
    said: list[str] = []
    supervisor(tmp_path, SLEEP, said)
    assert (other.poll(), said) == (None, [])
    other.kill()
    other.wait()


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel's parent-death signal is Linux's")
def test_children_die_with_a_supervisor_that_is_killed(tmp_path: Path, project_dir: Path) -> None:
    script = (
        "import sys, time; from pathlib import Path; from opinion_market.local import processes\n"
        f"child = processes.start({SLEEP!r}); Path(sys.argv[1]).write_text(str(child.pid)); time.sleep(60)"
    )
    parent = subprocess.Popen([sys.executable, "-c", script, str(tmp_path / "pid")], cwd=project_dir)
    wait_for((tmp_path / "pid").exists)
    wait_for(lambda: (tmp_path / "pid").read_text())
    child = int((tmp_path / "pid").read_text())
    assert processes.command_line(child) != ""
    parent.kill()
    parent.wait()
    wait_for(lambda: processes.command_line(child) == "")


def test_granian_is_told_how_much_memory_a_process_may_hold() -> None:
    def command(memory_mb: int) -> list[str]:
        return web_command(
            python="python", server="granian", host="127.0.0.1", port=1, processes=1, memory_mb=memory_mb
        )

    limited = command(512)
    assert limited[limited.index("--workers-max-rss") + 1] == "512"
    assert limited[-1] == command(0)[-1] == "opinion_market.asgi:application"
    assert "--workers-max-rss" not in command(0)


def test_spares_run_while_they_are_needed(tmp_path: Path) -> None:
    said: list[str] = []
    spares = [Program(f"spare-{number}", SLEEP, os.environ) for number in (1, 2)]
    keeper = Supervisor([], run_dir=tmp_path / "run", cwd=tmp_path, say=said.append, spares=spares)
    keeper.clear_leftovers()
    keeper.start()
    assert list((tmp_path / "run").glob("*.pid")) == []
    keeper.use_spares(2)
    keeper.watch(0.3)
    kept, left = (int((tmp_path / "run" / f"spare-{number}.pid").read_text()) for number in (1, 2))
    keeper.use_spares(1)
    keeper.watch(1)
    assert (processes.command_line(left), bool(processes.command_line(kept))) == ("", True)
    keeper.stop()
    assert processes.command_line(kept) == ""
    assert list((tmp_path / "run").glob("*.pid")) == []
    assert said == ["spare-1 is needed now.", "spare-2 is needed now.", "spare-2 is not needed now."]
