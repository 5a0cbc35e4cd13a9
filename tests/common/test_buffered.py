import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import OperationalError, connections

from common.buffered import ROWS, WAITING, Buffered, buffered_inserts
from markets.models import Topic

WAIT_S = 10


class Table:
    """Where rows end up; ``is_away`` makes writes fail, ``refuses`` rows."""

    def __init__(self) -> None:
        self.rows: list[int] = []
        self.writes: list[int] = []
        self.is_away = False
        self.refuses: set[int] = set()
        self.changed = threading.Condition()

    def write(self, rows: Sequence[int]) -> int:
        with self.changed:
            self.changed.notify_all()
            if self.is_away:
                raise OperationalError("the server is gone")
            good = [row for row in rows if row not in self.refuses]
            self.rows += good
            self.writes.append(len(rows))
            return len(rows) - len(good)

    def wait(self, condition: Callable[[], bool]) -> None:
        with self.changed:
            assert self.changed.wait_for(condition, WAIT_S)


@pytest.fixture
def table() -> Table:
    return Table()


@pytest.fixture
def made(table: Table, request: pytest.FixtureRequest) -> Iterator[Callable[..., Buffered[int]]]:
    buffers: list[Buffered[int]] = []

    def make(**options: float) -> Buffered[int]:
        buffers.append(Buffered(request.node.name, table.write, **options))  # type: ignore[arg-type]
        return buffers[-1]

    yield make
    for buffer in buffers:
        buffer.close()


def counted(request: pytest.FixtureRequest) -> tuple[float, float, float | None]:
    name = request.node.name
    return ROWS.of(name, "written").value, ROWS.of(name, "lost").value, WAITING.of(name).value


def test_a_full_buffer_is_written(
    made: Callable[..., Buffered[int]], table: Table, request: pytest.FixtureRequest
) -> None:
    buffer = made(size=10, seconds=3_600)
    for number in range(10):
        assert buffer.add(number)
    table.wait(lambda: len(table.rows) == 10)
    buffer.add(10)
    buffer.close()
    assert table.rows == list(range(11))
    assert table.writes[:1] == [10]
    assert counted(request) == (11, 0, 0)


def test_a_few_rows_are_written_after_a_while(made: Callable[..., Buffered[int]], table: Table) -> None:
    buffer = made(size=1_000, seconds=0.05)
    buffer.add(1)
    buffer.add(2)
    table.wait(lambda: table.rows == [1, 2])
    buffer.add(3)
    table.wait(lambda: table.rows == [1, 2, 3])


def test_many_threads_lose_nothing(
    made: Callable[..., Buffered[int]], table: Table, request: pytest.FixtureRequest
) -> None:
    buffer = made(size=50, seconds=0.01, rows_max=100_000)

    def add(first: int) -> None:
        for number in range(first, first + 500):
            buffer.add(number)

    with ThreadPoolExecutor(10) as pool:
        list(pool.map(add, range(0, 5_000, 500)))
    buffer.close()
    assert sorted(table.rows) == list(range(5_000))
    assert counted(request) == (5_000, 0, 0)


def test_a_failed_write_is_tried_again(made: Callable[..., Buffered[int]], table: Table) -> None:
    buffer = made(size=3, seconds=0.05)
    table.is_away = True
    for number in range(5):
        buffer.add(number)
    assert buffer.flush() == 0
    with table.changed:
        table.is_away = False
    table.wait(lambda: table.rows == [0, 1, 2, 3, 4])


def test_what_is_too_much_is_lost_and_counted(
    made: Callable[..., Buffered[int]], table: Table, request: pytest.FixtureRequest
) -> None:
    table.is_away, table.refuses = True, {1}
    buffer = made(size=2, seconds=3_600, rows_max=4)
    assert [buffer.add(number) for number in range(6)] == [True] * 4 + [False] * 2
    table.is_away = False
    buffer.close()
    assert table.rows == [0, 2, 3]
    assert counted(request) == (3, 3, 0)


def test_what_can_not_be_written_at_the_end_is_lost(
    made: Callable[..., Buffered[int]], table: Table, request: pytest.FixtureRequest
) -> None:
    table.is_away = True
    buffer = made(seconds=3_600)
    buffer.add(1)
    buffer.close()
    assert counted(request) == (0, 1, 0)


@pytest.mark.django_db(transaction=True)
def test_rows_of_a_model_are_inserted_and_a_bad_one_is_left_out(request: pytest.FixtureRequest) -> None:
    buffer = buffered_inserts(request.node.name, Topic, seconds=3_600)
    Topic.objects.create(slug="t1", name="There already")
    for number in range(4):
        buffer.add(Topic(slug=f"t{number}", name=f"Topic {number}"))
    assert buffer.flush() == 3
    buffer.close()
    connections.close_all()
    assert set(Topic.objects.values_list("name", flat=True)) == {"There already", "Topic 0", "Topic 2", "Topic 3"}
    assert counted(request) == (3, 1, 0)


_ENDING = """
import os, django
django.setup()
from common.buffered import Buffered
def write(rows):
    print(os.getpid() == parent, *rows, flush=True)
    return 0
parent = os.getpid()
buffer = Buffered("ending", write, seconds=3600)
buffer.add(1)
child = os.fork()
buffer.add(2 if child == 0 else 3)
if child:
    os.waitpid(child, 0)
"""


@pytest.mark.slow
def test_the_end_of_a_process_writes_the_rest_and_a_child_only_its_own() -> None:
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "opinion_market.settings.test"}
    done = subprocess.run(
        [sys.executable, "-c", _ENDING], env=environment, capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.splitlines() == ["False 2", "True 1 3"]
