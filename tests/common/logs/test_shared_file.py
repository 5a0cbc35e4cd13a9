"""Several processes, one file that rotates: every line arrives whole and once."""

import json
import multiprocessing
import os
import signal
import time
from pathlib import Path

from common.logs.shared_file import SharedFile

PROCESSES, BATCHES, LINES = 4, 60, 20


def _line(writer: int, number: int, padding: int = 60) -> bytes:
    return json.dumps({"writer": writer, "number": number, "text": "x" * padding}).encode() + b"\n"


def _write(path: Path, writer: int) -> None:
    file = SharedFile(path, bytes_max=20_000, backups=1_000)
    for batch in range(BATCHES):
        file.append([_line(writer, batch * LINES + number, number * 3) for number in range(LINES)])


def _write_for_ever(path: Path) -> None:
    file = SharedFile(path, bytes_max=20_000, backups=1_000)
    while True:
        file.append([_line(0, 0, 5_000)] * 20)


def _files(path: Path) -> list[Path]:
    return [one for one in path.parent.iterdir() if one.name.startswith(path.name)]


def test_processes_that_write_and_rotate_lose_and_tear_no_line(tmp_path: Path) -> None:
    path = tmp_path / "app.log"
    context = multiprocessing.get_context("fork")
    writers = [context.Process(target=_write, args=(path, number)) for number in range(PROCESSES)]
    for process in writers:
        process.start()
    for process in writers:
        process.join()
    assert [process.exitcode for process in writers] == [0] * PROCESSES
    files = _files(path)
    assert len(files) > 10
    assert max(file.stat().st_size for file in files) <= 20_000
    found = [json.loads(line) for file in files for line in file.read_bytes().splitlines()]
    assert sorted((line["writer"], line["number"]) for line in found) == [
        (writer, number) for writer in range(PROCESSES) for number in range(BATCHES * LINES)
    ]


def test_lines_of_one_process_stay_in_order_over_rotations(tmp_path: Path) -> None:
    path = tmp_path / "app.log"
    _write(path, 7)
    files = sorted(_files(path), key=lambda file: -int(file.suffix[1:]) if file.suffix[1:].isdigit() else 1)
    numbers = [json.loads(line)["number"] for file in files for line in file.read_bytes().splitlines()]
    assert numbers == list(range(BATCHES * LINES))


def test_only_so_many_old_files_are_kept(tmp_path: Path) -> None:
    file = SharedFile(tmp_path / "app.log", bytes_max=100, backups=2)
    for number in range(10):
        file.append([_line(0, number)])
    assert sorted(one.name for one in _files(tmp_path / "app.log")) == ["app.log", "app.log.1", "app.log.2"]
    assert json.loads((tmp_path / "app.log").read_text())["number"] == 9


def test_half_a_line_that_a_killed_process_left_is_cut_off(tmp_path: Path) -> None:
    path = tmp_path / "app.log"
    path.write_bytes(_line(0, 0) + b'{"writer": 0, "numb')
    SharedFile(path).append([_line(1, 1)])
    assert path.read_bytes() == _line(0, 0) + _line(1, 1)


def test_a_file_that_somebody_moved_away_is_made_again(tmp_path: Path) -> None:
    path = tmp_path / "app.log"
    file = SharedFile(path)
    file.append([_line(0, 0)])
    path.rename(tmp_path / "elsewhere")
    file.append([_line(0, 1)])
    assert path.read_bytes() == _line(0, 1)


def test_killed_writers_leave_whole_lines_and_no_lock(tmp_path: Path) -> None:
    path = tmp_path / "app.log"
    context = multiprocessing.get_context("fork")
    for _ in range(5):
        victim = context.Process(target=_write_for_ever, args=(path,))
        victim.start()
        before = len(_files(path))
        deadline = time.monotonic() + 10
        while len(_files(path)) <= before and time.monotonic() < deadline:
            time.sleep(0.005)
        assert victim.pid is not None
        os.kill(victim.pid, signal.SIGKILL)
        victim.join()
    SharedFile(path).append([_line(9, 9)])
    lines = [line for file in _files(path) for line in file.read_bytes().splitlines()]
    assert {json.loads(line)["writer"] for line in lines} == {0, 9}
