"""Django's ``migrate``, which neither holds up a running site nor gives up because the site is busy.

Contract   A migration in one transaction waits at most a second for a lock and works for at most
           a minute; then it is undone and tried again, up to ``TRIES`` times. A migration outside of a transaction
           (indexes made concurrently) waits and works as long as it takes: it locks nobody out.
Why        Whoever waits for a lock makes everybody wait who comes after, orders included.
"""

import time
from typing import Any, Final

from django.core.management.base import CommandError
from django.core.management.commands.migrate import Command as DjangoCommand
from django.db import OperationalError, connections
from psycopg import errors

TRIES: Final = 30
PAUSE_S: Final = 2.0
LOCK_MS: Final = 1_000
STATEMENT_MS: Final = 60_000


class Command(DjangoCommand):
    database = "default"

    def handle(self, *args: Any, **options: Any) -> None:
        self.database = options["database"]
        for attempt in range(1, TRIES + 1):
            try:
                super().handle(*args, **options)
                return
            except OperationalError as error:
                if not isinstance(error.__cause__, errors.LockNotAvailable):
                    raise
                self.stderr.write(
                    f"Somebody holds a lock for longer than a second; nothing changed ({attempt}/{TRIES})."
                )
            finally:
                self._reset()
            time.sleep(PAUSE_S)
        raise CommandError("The tables were never free. Look for a long transaction: docs/upgrading.md.")

    def migration_progress_callback(self, action: str, migration: Any = None, fake: bool = False) -> None:
        if action == "apply_start":
            self._limit(is_atomic=migration.atomic)
        super().migration_progress_callback(action, migration, fake)

    def _limit(self, *, is_atomic: bool) -> None:
        with connections[self.database].cursor() as cursor:
            if is_atomic:
                cursor.execute(f"SET lock_timeout = {LOCK_MS}; SET statement_timeout = {STATEMENT_MS}")
            else:
                cursor.execute("SET lock_timeout = 0; SET statement_timeout = 0")

    def _reset(self) -> None:
        with connections[self.database].cursor() as cursor:
            cursor.execute("RESET lock_timeout; RESET statement_timeout")
