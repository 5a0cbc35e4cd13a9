"""What this site's database lets the optimizer do."""

from django.conf import settings
from django.db import connection

_IS_OWNER = """
SELECT coalesce(bool_and(pg_has_role(current_user, relowner, 'USAGE')), false) FROM pg_class
WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'
"""


def can_change_tables() -> bool:
    """Whether there is a role that may build indexes and vacuum: a named one, or the application's own."""
    return bool(settings.OPTIMIZER_DATABASE_URL) or is_owner()


def is_owner() -> bool:
    """Whether the application's own role owns every table."""
    with connection.cursor() as cursor:
        cursor.execute(_IS_OWNER)
        return bool(cursor.fetchone()[0])
