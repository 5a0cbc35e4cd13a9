import os
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
import redis as redis_client

from opinion_market.local import guard, postgres, processes, redis, sockets

pytestmark = pytest.mark.slow


@pytest.fixture
def directory() -> Iterator[Path]:
    made = Path(tempfile.mkdtemp(prefix="omt-x", dir="/tmp")) / "with a space"
    made.parent.chmod(0o755)
    sockets.prepare(made)
    yield made
    sockets.remove(made.parent)


def server(directory: Path) -> postgres.EmbeddedPostgres:
    return postgres.EmbeddedPostgres(data_dir=directory / "pg", socket_dir=directory, settings=postgres.DURABLE)


def setting(url: str, name: str) -> str:
    with psycopg.connect(url) as connection:
        row = connection.execute("SELECT current_setting(%s)", [name]).fetchone()
    assert row is not None
    return str(row[0])


def test_postgres_is_durable_private_and_keeps_its_data(directory: Path) -> None:
    first = server(directory)
    first.start()
    first.create_database()
    safe = ("fsync", "full_page_writes", "synchronous_commit", "data_checksums")
    assert [setting(first.url(), name) for name in safe] == ["on"] * 4
    assert setting(first.url(), "listen_addresses") == ""
    with psycopg.connect(first.url(), autocommit=True) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 42 AS answer")
    first.stop()

    second = server(directory)
    second.start()
    with psycopg.connect(second.url()) as connection:
        assert connection.execute("SELECT answer FROM kept").fetchone() == (42,)
    second.stop()


def test_postgres_starts_after_it_was_killed(directory: Path) -> None:
    first = server(directory)
    first.start()
    assert first.process is not None
    first.process.kill()
    first.process.wait()
    assert (directory / "pg" / "postmaster.pid").exists()
    second = server(directory)
    second.start()
    second.stop()


def test_postgres_replaces_one_that_an_earlier_run_left_behind(directory: Path) -> None:
    first = server(directory)
    first.start()
    second = server(directory)
    second.start()
    assert first.process is not None
    assert first.process.wait(10) == 0
    second.stop()


def test_a_stale_lock_with_the_pid_of_another_program_is_ignored(directory: Path) -> None:
    first = server(directory)
    first.start()
    first.stop()
    (directory / "pg" / "postmaster.pid").write_text(f"{os.getpid()}\n{directory / 'pg'}\n")
    second = server(directory)
    second.start()
    second.stop()


def test_redis_starts_twice_and_after_it_was_killed(directory: Path) -> None:
    first = redis.EmbeddedRedis(data_dir=directory / "redis", socket_dir=directory)
    first.start()
    assert first.process is not None
    os.kill(first.process.pid, signal.SIGSTOP)
    second = redis.EmbeddedRedis(data_dir=directory / "redis", socket_dir=directory)
    os.kill(first.process.pid, signal.SIGCONT)
    second.start()
    assert first.process.wait(10) == 0
    with redis_client.Redis.from_url(second.url()) as client:
        assert client.ping()
    second.stop()


def check_until(watching: guard.Guard, condition: Callable[[], object]) -> None:
    deadline = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        watching.check()
        time.sleep(0.02)


def test_a_killed_server_is_started_again_with_its_data(directory: Path) -> None:
    database = server(directory)
    database.start()
    database.create_database()
    with psycopg.connect(database.url(), autocommit=True) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 42 AS answer")
    said: list[str] = []
    watching = guard.Guard(database, said.append)
    watching.check()
    assert (said, database.process is not None) == ([], True)
    assert database.process is not None
    database.process.kill()
    database.process.wait()
    watching.check()
    # It replays its log while the guard looks after others.
    assert said == ["PostgreSQL ended with -9; starting it again."]
    check_until(watching, lambda: len(said) == 2)
    with psycopg.connect(database.url()) as connection:
        assert connection.execute("SELECT answer FROM kept").fetchone() == (42,)
    assert said == ["PostgreSQL ended with -9; starting it again.", "PostgreSQL runs again."]
    database.stop()


def test_a_server_that_does_not_start_is_tried_again_later(directory: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = redis.EmbeddedRedis(data_dir=directory / "redis", socket_dir=directory)
    said: list[str] = []
    watching = guard.Guard(store, said.append)
    with monkeypatch.context() as broken:
        broken.setattr("opinion_market.local.binaries.redis_server", lambda: Path("/bin/false"))
        check_until(watching, lambda: said)
        watching.check()
    assert said == [f"Redis did not start; see {directory / 'redis' / 'redis.log'}\nTrying again in 1 s."]
    watching._backoff.start_again_at = 0.0
    check_until(watching, lambda: len(said) == 2)
    assert said[1:] == ["Redis runs again."]
    store.stop()


def test_a_shell_in_the_directory_of_the_data_is_left_alone(tmp_path: Path) -> None:
    shell = subprocess.Popen(["sleep", "60"], cwd=tmp_path)
    processes.clear_directory(tmp_path, title="postgres:", patience_s=0.1)
    assert shell.poll() is None
    left = subprocess.Popen(["postgres: checkpointer", "60"], executable="/bin/sleep", cwd=tmp_path, process_group=0)
    processes.clear_directory(tmp_path, title="postgres:", patience_s=0.1)
    assert left.wait(5) == -signal.SIGKILL
    shell.kill()
    shell.wait()


def test_a_socket_directory_of_somebody_else_is_refused(directory: Path) -> None:
    target = directory / "elsewhere"
    target.mkdir()
    link = directory / "link"
    link.symlink_to(target)
    with pytest.raises(postgres.ServerError, match="belongs to somebody else"):
        sockets.prepare(link)


def test_directories_of_runs_that_are_gone_are_removed(tmp_path: Path) -> None:
    gone, alive = tmp_path / "omt-4000000-a", tmp_path / f"omt-{os.getpid()}-a"
    for made in (gone, alive):
        made.mkdir()
    assert processes.command_line(4_000_000) == ""
    sockets.remove_stale(tmp_path, prefix="omt-")
    assert (gone.exists(), alive.exists()) == (False, True)
