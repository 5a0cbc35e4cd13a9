"""Whether the parts that this process needs are there.

PostgreSQL and its migrations decide readiness; without Redis orders still work and pushes lag.
"""

import redis
from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

REDIS_TIMEOUT_S = 1.0


def database_state() -> str:
    """``ok``, ``migrations pending`` or ``down``."""
    try:
        executor = MigrationExecutor(connection)
        pending = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError:
        return "down"
    return "migrations pending" if pending else "ok"


def redis_state() -> str:
    """``ok`` or ``degraded``."""
    try:
        with redis.Redis.from_url(
            settings.REDIS_URL, socket_timeout=REDIS_TIMEOUT_S, socket_connect_timeout=REDIS_TIMEOUT_S
        ) as client:
            client.ping()
    except redis.RedisError:
        return "degraded"
    return "ok"
