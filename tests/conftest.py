"""What every test starts with: a process that remembers no market of another test."""

import pytest

from common.caching import clients
from common.caching.memory_store import forget_memory
from trading.api.caches import forget_answers
from trading.selectors.books import forget_books
from trading.selectors.market_pulse import forget_seqs
from trading.selectors.outcomes import forget_outcomes
from trading.services._contested import forget_contested
from trading.services._market_cache import forget_all

# On a busy machine an answer of Redis may take longer than a page would wait for it.
clients._TIMES.update(socket_timeout=20.0, socket_connect_timeout=20.0, timeout=20.0)


@pytest.fixture(autouse=True)
def _forgetful_process() -> None:
    """Each test's rows are put back, and the next may give the same numbers to other markets."""
    forget_process()


def forget_process() -> None:
    for forget in (
        forget_memory,
        forget_all,
        forget_answers,
        forget_books,
        forget_contested,
        forget_outcomes,
        forget_seqs,
    ):
        forget()
