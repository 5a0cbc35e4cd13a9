from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection

from trading.services import _market_cache


@pytest.fixture(autouse=True)
def fresh_cache() -> Iterator[None]:
    """The tables are emptied after each of these tests, so nothing may be remembered."""
    _market_cache.forget_all()
    yield
    _market_cache.forget_all()


@pytest.fixture
def in_threads() -> Callable[[list[Callable[[], Any]]], list[Any]]:
    """Run callables at the same time, each on a database connection of its own; errors are results."""

    def one(work: Callable[[], Any]) -> Any:
        try:
            return work()
        except Exception as error:
            return error
        finally:
            connection.close()

    def run(work: list[Callable[[], Any]]) -> list[Any]:
        with ThreadPoolExecutor(len(work)) as pool:
            return list(pool.map(one, work))

    return run
