"""One leads, others stand by.

Contract   Of all who ask for the same name one holds the lease; another gets it when it was given back or has run out.
           One statement decides, by the clock of the database.
Bound      A holder that dies is followed within the seconds that it asked for.
"""

from typing import Final

from django.db import connection

_TAKE: Final = """
INSERT INTO common_lease (name, holder, until)
VALUES (%s, %s, statement_timestamp() + make_interval(secs => %s))
ON CONFLICT (name) DO UPDATE SET holder = EXCLUDED.holder, until = EXCLUDED.until
WHERE common_lease.holder = EXCLUDED.holder OR common_lease.until < statement_timestamp()
"""
_GIVE_BACK: Final = "DELETE FROM common_lease WHERE name = %s AND holder = %s"


def hold_lease(*, name: str, holder: str, seconds: float) -> bool:
    """Take the lease, or keep it, for ``seconds`` from now; False while somebody else has it."""
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, [name, holder, seconds])
        return bool(cursor.rowcount == 1)


def give_back_lease(*, name: str, holder: str) -> None:
    """Let the next who asks have it at once."""
    with connection.cursor() as cursor:
        cursor.execute(_GIVE_BACK, [name, holder])
