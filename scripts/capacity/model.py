"""What a site of so many traders needs, from what one order, one read, one socket and one frame cost.

Contract   Pure: the same units and habits give the same table. Nothing here is measured or guessed but in ``Units`` and
           ``Habits``; the guide (docs/capacity.md) has no number that isn't computed here.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

DAY_S: Final = 86_400
YEAR_DAYS: Final = 365
MB, GB, TB = 1e6, 1e9, 1e12
SIZES: Final = (1_000, 10_000, 100_000, 1_000_000)


@dataclass(frozen=True, slots=True)
class Units:
    """CPU in milliseconds of one core, memory and disk in bytes; measured by ``python -m scripts.capacity measure``."""

    web_ms_per_order: float
    database_ms_per_order: float
    redis_ms_per_order: float
    redis_ms_per_hearing: float
    proxy_ms_per_order: float
    web_ms_per_read: float
    database_ms_per_read: float
    web_ms_per_frame: float
    web_bytes_per_socket: float
    wal_bytes_per_order: float
    disk_bytes_per_order: float
    trades_per_order: float
    web_process_bytes: float


@dataclass(frozen=True, slots=True)
class Habits:
    """What traders do at the busiest hour, and how full machines may be; change them to your own."""

    online_share: float = 0.05
    orders_per_online_minute: float = 2.0
    reads_per_online_minute: float = 6.0
    frames_per_socket_s: float = 1.0
    #: The busiest hour's rate, as a multiple of the day's mean.
    peak_over_mean: float = 4.0
    #: Of all orders, those that meet on the hottest market.
    hot_share: float = 0.2
    full_at: float = 0.6
    cores_of_one_database: int = 64
    sockets_per_process: int = 2_000
    wal_bytes_per_second_max: float = 200e6


@dataclass(frozen=True, slots=True)
class Need:
    """At the busiest hour of a site with ``traders``."""

    traders: int
    orders_per_s: float
    hot_orders_per_s: float
    reads_per_s: float
    sockets: int
    frames_per_s: float
    web_cores: float
    database_cores: float
    redis_cores: float
    proxy_cores: float
    web_processes: int
    web_bytes: float
    wal_bytes_per_s: float
    disk_bytes_per_year: float


def need_of(traders: int, units: Units, habits: Habits) -> Need:
    online = traders * habits.online_share
    orders, reads = online * habits.orders_per_online_minute / 60, online * habits.reads_per_online_minute / 60
    frames = online * habits.frames_per_socket_s
    web_ms = orders * units.web_ms_per_order + reads * units.web_ms_per_read + frames * units.web_ms_per_frame
    database_ms = orders * units.database_ms_per_order + reads * units.database_ms_per_read
    web_cores = web_ms / 1_000 / habits.full_at
    processes = max(2, math.ceil(web_cores), math.ceil(online / habits.sockets_per_process))
    return Need(
        traders=traders,
        orders_per_s=orders,
        hot_orders_per_s=orders * habits.hot_share,
        reads_per_s=reads,
        sockets=round(online),
        frames_per_s=frames,
        web_cores=web_cores,
        database_cores=database_ms / 1_000 / habits.full_at,
        # Every web process hears of every commit.
        redis_cores=orders
        * (units.redis_ms_per_order + processes * units.redis_ms_per_hearing)
        / 1_000
        / habits.full_at,
        proxy_cores=orders * units.proxy_ms_per_order / 1_000 / habits.full_at,
        web_processes=processes,
        web_bytes=processes * units.web_process_bytes + online * units.web_bytes_per_socket,
        wal_bytes_per_s=orders * units.wal_bytes_per_order,
        disk_bytes_per_year=orders / habits.peak_over_mean * DAY_S * YEAR_DAYS * units.disk_bytes_per_order,
    )


@dataclass(frozen=True, slots=True)
class Limit:
    """What is full first as a site grows, at how many traders, and what to do then."""

    what: str
    traders: float
    then: str


def limits(units: Units, habits: Habits, *, market_orders_per_s: float) -> list[Limit]:
    """In the order in which they are met. ``market_orders_per_s``: what one market takes, whose writes are in a row."""
    one = need_of(1_000_000, units, habits)

    def traders_at(used: float, of: float) -> float:
        return of / (used / one.traders)

    two_cores = one.web_cores + one.database_cores + one.redis_cores + one.proxy_cores
    found = [
        Limit("one machine of 2 cores for everything", traders_at(two_cores, 2), "web, PostgreSQL apart"),
        Limit(
            f"one PostgreSQL of {habits.cores_of_one_database} cores",
            traders_at(one.database_cores, habits.cores_of_one_database),
            "shard by market (Citus), accounts beside",
        ),
        Limit(
            f"WAL of {habits.wal_bytes_per_second_max / MB:.0f} MB/s",
            traders_at(one.wal_bytes_per_s, habits.wal_bytes_per_second_max),
            "shard by market; a WAL disk of its own",
        ),
        Limit(
            "one Redis (one core)",
            _where(lambda traders: need_of(traders, units, habits).redis_cores >= 1),
            "a Redis for pushes, one for tasks and caches; pools of sockets by market",
        ),
        Limit(
            "the hottest market",
            traders_at(one.hot_orders_per_s / habits.full_at, market_orders_per_s),
            "nothing but a faster core: its orders are in a row",
        ),
        Limit("one proxy core", traders_at(one.proxy_cores, 1), "more processes of nginx"),
        Limit("10,000 sockets, one machine's", traders_at(one.sockets, 10_000), "a pool of sockets of its own"),
        Limit("a disk of 4 TB after a year", traders_at(one.disk_bytes_per_year, 4 * TB), "partition, archive"),
    ]
    return sorted(found, key=lambda limit: limit.traders)


def _where(is_full: Callable[[int], bool]) -> int:
    """The fewest traders at whom it is; what it asks grows with them, but not in a line."""
    high = 1
    while not is_full(high):
        high *= 2
    low = high // 2
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if is_full(middle) else (middle, high)
    return high


def table_of(needs: Sequence[Need]) -> list[list[str]]:
    """A row a figure, a column a size."""
    rows: list[tuple[str, list[str]]] = [
        ("orders/s", [number(need.orders_per_s) for need in needs]),
        ("of them on the hottest market", [number(need.hot_orders_per_s) for need in needs]),
        ("reads/s", [number(need.reads_per_s) for need in needs]),
        ("sockets", [number(need.sockets) for need in needs]),
        ("frames/s", [number(need.frames_per_s) for need in needs]),
        ("cores for web processes", [number(need.web_cores) for need in needs]),
        ("web processes", [number(need.web_processes) for need in needs]),
        ("their memory, GB", [number(need.web_bytes / GB) for need in needs]),
        ("cores for PostgreSQL", [number(need.database_cores) for need in needs]),
        ("cores for Redis", [number(need.redis_cores) for need in needs]),
        ("cores for nginx", [number(need.proxy_cores) for need in needs]),
        ("WAL, MB/s", [number(need.wal_bytes_per_s / MB) for need in needs]),
        ("disk after a year, TB", [number(need.disk_bytes_per_year / TB) for need in needs]),
    ]
    return [[name, *values] for name, values in rows]


def number(value: float) -> str:
    """Two digits that count, or a whole number."""
    if value >= 100:
        return f"{round(value, 1 - math.floor(math.log10(value))):,.0f}"
    return f"{value:.2g}" if value else "0"
