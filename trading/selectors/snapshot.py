"""Many reads of one moment."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction


@contextmanager
def one_snapshot() -> Iterator[None]:
    """A transaction that sees the database as it is now, whatever others commit meanwhile, and writes nothing.

    Inside another transaction its isolation stays what it is.
    """
    is_outermost = not connection.in_atomic_block
    with transaction.atomic():
        if is_outermost:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
                # However large the tables are, a proof takes the time it takes.
                cursor.execute("SET LOCAL statement_timeout = 0")
        yield
