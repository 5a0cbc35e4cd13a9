"""How many migrations this database has had and lacks, as django-prometheus counts them.

Contract   For the frame of the whole site, not of a process: several would each keep what they saw when they started.
Bound      Building the graph of migrations costs about a tenth of a second, so that it is done once in ``FRESH_S``.
"""

import time
from collections.abc import Mapping
from typing import Final

from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django_prometheus.migrations import ExportMigrationsForDatabase, applied_migrations, unapplied_migrations
from prometheus_client import REGISTRY

from common.metrics.foreign import gauges_of
from common.metrics.registry import registry

FRESH_S: Final = 60.0

# These two go with the frame of the site instead.
REGISTRY.unregister(applied_migrations)
REGISTRY.unregister(unapplied_migrations)
registry.gauge("django_migrations_applied", "Migrations that the database has had.", ["connection"], merge="max")
registry.gauge("django_migrations_unapplied", "Migrations that the database lacks.", ["connection"], merge="max")

_counted: tuple[float, Mapping[str, float]] | None = None


def migration_gauges() -> Mapping[str, float]:
    """Gauges by key, at most ``FRESH_S`` old.

    Raises: django.db.DatabaseError
    """
    global _counted
    now = time.monotonic()
    if _counted is None or now - _counted[0] > FRESH_S:
        ExportMigrationsForDatabase(connection.alias, MigrationExecutor(connection))
        _counted = now, gauges_of(applied_migrations, unapplied_migrations)
    return _counted[1]
