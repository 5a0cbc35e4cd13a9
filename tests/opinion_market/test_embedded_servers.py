import os
import signal
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
import redis as redis_client

from opinion_market.local import postgres, processes, redis, sockets

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
