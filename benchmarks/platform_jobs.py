"""What the benchmark of caches, bulk work and streams runs inside Django; see ``benchmarks.platform_pieces``."""

import functools
import json
import statistics
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module
from typing import Any, Final

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.core.cache import cache
from django.db import connection, transaction

from accounts.models import User
from accounts.services.create_user import create_user
from accounts.types import Role
from common.bulk_rows import insert_rows, update_rows
from common.caching.memory_cache import memory_cache
from common.caching.redis_cache import redis_cache
from common.memory_monitor import collect_garbage, resident_bytes
from markets.models import Topic
from trading.selectors.accounts import whole_ledger
from trading.selectors.market_cards import MarketFilter, MarketSort, market_cards
from trading.selectors.shared_lists import front_page, search_page, stored_search_page
from trading.services.open_account import open_account

HITS: Final = 20_000
STORED_HITS: Final = 2_000
ROWS: Final = 1_000
_FRONT: Final = (MarketSort.VOLUME_24H, "", "open", 24)


@memory_cache(3_600)
def in_memory(market_id: int, depth: int) -> list[int]:
    return [market_id] * depth


@memory_cache(3_600, tags=("bench",))
def tagged_in_memory(market_id: int, depth: int) -> list[int]:
    return [market_id] * depth


@functools.lru_cache(1_000)
def in_lru_cache(market_id: int, depth: int) -> list[int]:
    return [market_id] * depth


@redis_cache(3_600, tags=("bench",))
def in_redis(market_id: int, depth: int) -> list[int]:
    return [market_id] * depth


def hits() -> dict[str, float]:
    """Median microseconds of a hit."""
    in_redis(1, 100)
    cache.set("bench", [1] * 100, 3_600)
    return {
        "memory": _median_us(lambda: in_memory(1, 100), HITS),
        "tagged": _median_us(lambda: tagged_in_memory(1, 100), HITS),
        "lru_cache": _median_us(lambda: in_lru_cache(1, 100), HITS),
        "redis": _median_us(lambda: in_redis(1, 100), STORED_HITS),
        "django": _median_us(lambda: cache.get("bench"), STORED_HITS),
    }


def selectors() -> dict[str, float]:
    """Median microseconds of real selectors, computed and cached."""
    wanted = MarketFilter(q="benchmark number ends", status="open")
    return {
        "front": _median_us(lambda: market_cards(MarketFilter(status="open"), sort=_FRONT[0], limit=24), 100),
        "front_kept": _median_us(lambda: front_page(*_FRONT), 1_000),
        "search": _median_us(lambda: market_cards(wanted, sort=_FRONT[0], limit=24), 50),
        "search_kept": _median_us(lambda: search_page("benchmark number ends", *_FRONT), 1_000),
        "search_stored": _median_us(lambda: stored_search_page("benchmark number ends", *_FRONT), 1_000),
    }


_computed: list[str] = []


@memory_cache(60)
def crowded_memory(key: str) -> str:
    return _slowly(key)


@redis_cache(60)
def crowded_redis(key: str) -> str:
    return _slowly(key)


def _slowly(key: str) -> str:
    _computed.append(key)
    time.sleep(0.3)
    return key


def ask_together(*, where: str, threads: int, at: float) -> int:
    """How often this process computed what ``threads`` asked for at the moment ``at``."""
    ask = {"memory": crowded_memory, "redis": crowded_redis}[where]
    together = threading.Barrier(threads)

    def one(_: int) -> str:
        together.wait(60)
        return ask(f"key of {at}")

    with ThreadPoolExecutor(threads) as pool:
        time.sleep(max(0.0, at - time.time()))
        assert set(pool.map(one, range(threads))) == {f"key of {at}"}
    return len(_computed)


def bulk(*, rounds: int) -> dict[str, float]:
    """Median seconds for ``ROWS`` rows, each in a transaction of its own and all in bulk."""
    times: dict[str, list[float]] = {"insert_each": [], "insert": [], "update_each": [], "update": []}
    for number in range(rounds):
        rows = _topics(f"one-{number}")
        times["insert_each"].append(_seconds(lambda rows=rows: _save_each(rows)))
        rows = _topics(f"bulk-{number}")
        times["insert"].append(_seconds(lambda rows=rows: insert_rows(Topic, rows)))
        for row in rows:
            row.position += 1
        times["update_each"].append(_seconds(lambda rows=rows: _save_each(rows)))
        times["update"].append(_seconds(lambda rows=rows: update_rows(Topic, rows, ["name", "position"])))
    return {name: statistics.median(own) for name, own in times.items()}


def _topics(prefix: str) -> list[Topic]:
    return [Topic(slug=f"{prefix}-{number}", name=f"{prefix} {number}") for number in range(ROWS)]


def _save_each(rows: list[Topic]) -> None:
    for row in rows:
        with transaction.atomic():
            row.save()


_TRANSFERS: Final = """
WITH made AS (
    INSERT INTO trading_ledgertransfer (kind, seq, created_at, memo)
    SELECT 'grant', NULL, now(), 'Line ' || n FROM generate_series(1, %(lines)s) AS n RETURNING id
)
INSERT INTO trading_ledgerentry (transfer_id, account_id, amount, balance)
SELECT m.id, a.id, 100000000, 100000000
FROM made m, trading_account a WHERE a.user_id = %(user)s
"""


def fill_ledger(*, lines: int) -> dict[str, Any]:
    """A trader with so many lines; answers the session cookie. The rules of the ledger rest meanwhile."""
    user = create_user(handle=f"rich{lines}", email=f"rich{lines}@example.org", password=None, roles=(Role.TRADER,))
    open_account(user.pk)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(_TRANSFERS, {"lines": lines, "user": user.pk})
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE trading_ledgerentry, trading_ledgertransfer")
    return {"user": user.pk, "session": _session(user)}


def _session(user: User) -> str:
    store = import_module(settings.SESSION_ENGINE).SessionStore()
    store[SESSION_KEY] = str(user.pk)
    store[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    store[HASH_SESSION_KEY] = user.get_session_auth_hash()
    store.create()
    return str(store.session_key)


def whole_in_memory(*, user: int) -> float:
    """Megabytes that a list of all lines takes: what streaming saves."""
    collect_garbage()
    before = resident_bytes()
    lines = list(whole_ledger(user))
    return (resident_bytes() - before) / 1e6 if lines else 0.0


def _median_us(call: Callable[[], object], count: int) -> float:
    call()
    times = []
    for _ in range(count):
        began = time.perf_counter_ns()
        call()
        times.append(time.perf_counter_ns() - began)
    return statistics.median(times) / 1_000


def _seconds(call: Callable[[], object]) -> float:
    began = time.perf_counter()
    call()
    return time.perf_counter() - began


JOBS: dict[str, Any] = {
    job.__name__: job for job in (hits, selectors, ask_together, bulk, fill_ledger, whole_in_memory)
}

if __name__ == "__main__":
    print(json.dumps(JOBS[sys.argv[1]](**json.loads(sys.argv[2]))))
