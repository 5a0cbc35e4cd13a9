"""What no process owns: PostgreSQL, Redis, the queues and the exchange, each measured on its own.

Contract   ``site_gauges`` never raises for a part that is away: its gauges are None, and the others are told. No
           statement takes longer than ``STATEMENT_MS``.
"""

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, Final

import orjson
import redis
from django.conf import settings
from django.db import DatabaseError, InterfaceError, connection, transaction
from redis.backoff import NoBackoff
from redis.retry import Retry

from monitoring.selectors.certificate import certificate_days
from monitoring.selectors.migrations import migration_gauges
from monitoring.types import SENT_AT
from trading.selectors import exchange_pulse, fair_play

STATEMENT_MS: Final = 2_000
TIMEOUT_S: Final = 1.0
QUEUES: Final = ("celery", "jobs", "alerting")
QUEUE_PREFIX: Final = "om:celery:"
#: Names and what they mean.
MEANINGS: Final[Mapping[str, str]] = {
    "db_server_connections": "Client connections that PostgreSQL has open.",
    "db_server_connections_max": "Client connections that PostgreSQL allows.",
    "redis_memory_bytes": "Memory that Redis uses for its data.",
    "redis_clients": "Connections to Redis.",
    "redis_operations": "Commands that Redis executes a second.",
    "redis_evicted_keys": "Keys that Redis gave up for lack of memory since it started.",
    "queue_length": "Tasks that wait for a worker.",
    "queue_age_seconds": "Age of the oldest task that waits for a worker.",
    "open_markets": "Markets open for trading.",
    "book_depth_credits": "Worth of all resting orders at their own prices.",
    "active_traders": "Who placed an order in the last five minutes.",
    "settlement_lag_seconds": "Age of the oldest decision that is not paid out.",
    "replication_lag_seconds": "How far the slowest replica of the database is behind.",
    "certificate_days": "Days until the certificate of the public address ends.",
    "maker_loss_ratio": "What makers would lose at worst, of what they may lose at most.",
    "wash_trading_ratio": "Share of the newest volume between people who trade back and forth.",
    "ledger_check": "1 when the newest transfers add up and the balances follow from them.",
}
_CONNECTIONS: Final = """
SELECT count(*), current_setting('max_connections')::int FROM pg_stat_activity WHERE backend_type = 'client backend'
"""
_REPLICATION: Final = "SELECT extract(epoch FROM max(replay_lag))::float8 FROM pg_stat_replication"
Gauges = dict[str, float | None]


def site_gauges(now: float) -> Gauges:
    """All of ``MEANINGS`` at ``now`` (epoch seconds), and the migrations; None is what couldn't be asked."""
    gauges: Gauges = dict.fromkeys(MEANINGS)
    for ask in (_server, _replication, _migrations, _open_markets, _depth, _active, _settlement, _ledger, _fair_play):
        gauges |= _asked(ask)
    gauges["certificate_days"] = certificate_days(now)
    try:
        client = _client(settings.REDIS_URL)
        gauges |= _redis(client) | _queues(client, now)
    except redis.RedisError:
        return gauges
    return gauges


def _asked(ask: Callable[[], Gauges]) -> Gauges:
    try:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute(f"SET LOCAL statement_timeout = {STATEMENT_MS}")
            return ask()
    except (DatabaseError, InterfaceError):
        # Within a caller's transaction the connection is the caller's to judge.
        if not connection.in_atomic_block:
            connection.close_if_unusable_or_obsolete()
        return {}


def _server() -> Gauges:
    with connection.cursor() as cursor:
        cursor.execute(_CONNECTIONS)
        held, most = cursor.fetchone()
    return {"db_server_connections": held, "db_server_connections_max": most}


def _replication() -> Gauges:
    """None without replicas, or when this role may not see them."""
    with connection.cursor() as cursor:
        cursor.execute(_REPLICATION)
        return {"replication_lag_seconds": cursor.fetchone()[0]}


def _fair_play() -> Gauges:
    return {
        "maker_loss_ratio": fair_play.maker_loss_share(),
        "wash_trading_ratio": fair_play.back_and_forth_share(),
    }


def _migrations() -> Gauges:
    return dict(migration_gauges())


def _open_markets() -> Gauges:
    return {"open_markets": exchange_pulse.open_market_count()}


def _depth() -> Gauges:
    return {"book_depth_credits": exchange_pulse.resting_credits()}


def _active() -> Gauges:
    return {"active_traders": exchange_pulse.active_trader_count()}


def _settlement() -> Gauges:
    return {"settlement_lag_seconds": exchange_pulse.settlement_lag_s()}


def _ledger() -> Gauges:
    return {"ledger_check": float(exchange_pulse.ledger_holds())}


def _redis(client: "redis.Redis[bytes]") -> Gauges:
    info: Mapping[str, Any] = client.info()
    return {
        "redis_memory_bytes": info["used_memory"],
        "redis_clients": info["connected_clients"],
        "redis_operations": info["instantaneous_ops_per_sec"],
        "redis_evicted_keys": info["evicted_keys"],
    }


def _queues(client: "redis.Redis[bytes]", now: float) -> Gauges:
    """Messages are put in at the left and taken at the right, so the oldest is the last."""
    with client.pipeline(transaction=False) as pipe:
        for queue in QUEUES:
            pipe.llen(QUEUE_PREFIX + queue)
            pipe.lindex(QUEUE_PREFIX + queue, -1)
        answers = pipe.execute()
    ages = [_age(message, now) for message in answers[1::2]]
    told = [age for age in ages if age is not None]
    # Someone waits but doesn't say since when: not known, rather than zero.
    is_known = len(told) == len(ages)
    return {"queue_length": sum(answers[0::2]), "queue_age_seconds": max(told) if is_known else None}


def _age(message: bytes | None, now: float) -> float | None:
    if message is None:
        return 0.0
    try:
        return max(now - float(orjson.loads(message)["headers"][SENT_AT]), 0.0)
    except (ValueError, KeyError, TypeError):
        return None


@cache
def _client(url: str) -> "redis.Redis[bytes]":
    return redis.Redis.from_url(
        url, socket_timeout=TIMEOUT_S, socket_connect_timeout=TIMEOUT_S, retry=Retry(NoBackoff(), 0)
    )
