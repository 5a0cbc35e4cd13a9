from collections.abc import Iterator

import pytest

from common.caching import recent
from common.caching.metrics import Reads
from common.caching.recent import SECONDS, forget_recent, measure_recent


@pytest.fixture(autouse=True)
def _fresh() -> Iterator[None]:
    forget_recent()
    yield
    forget_recent()


def levels() -> tuple[float | None, float | None]:
    return recent._ASKED.value, recent._FOUND.value


def test_the_first_minute_says_nothing() -> None:
    for _ in range(SECONDS):
        measure_recent()
    assert levels() == (None, None)
    measure_recent()
    assert levels() == (0, 0)


def test_reads_count_for_a_minute_and_bypasses_never() -> None:
    reads = Reads("memory", "tests.recent")
    for _ in range(SECONDS + 1):
        measure_recent()
    for count in (reads.hit, reads.stale, reads.wait, reads.miss, reads.error, reads.bypass):
        count()
    measure_recent()
    assert levels() == (5, 3)
    for _ in range(SECONDS - 1):
        measure_recent()
    assert levels() == (5, 3)
    measure_recent()
    assert levels() == (0, 0)
