"""Let the application's role read and write rows, but rewrite no history and change no table."""

import os
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction
from psycopg import sql

from opinion_market.local.layout import APP_ROLE


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--role", default=APP_ROLE, help="The role; it is created when missing.")
        parser.add_argument("--password-env", default="", help="The variable that holds its password, to set it.")

    def handle(self, *args: Any, role: str, password_env: str, **options: Any) -> None:
        name = sql.Identifier(role)
        existing = set(connection.introspection.table_names())
        history = [sql.Identifier(table) for table in settings.APPEND_ONLY_TABLES if table in existing]
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role])
            if cursor.fetchone() is None:
                cursor.execute(sql.SQL("CREATE ROLE {} LOGIN").format(name))
            if password_env:
                password = os.environ.get(password_env, "")
                if not password:
                    raise CommandError(f"{password_env} must be set to the password of {role}.")
                cursor.execute(sql.SQL("ALTER ROLE {} PASSWORD {}").format(name, sql.Literal(password)))
            for statement in (
                "GRANT USAGE ON SCHEMA public TO {role}",
                "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role}",
                "GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role}",
                *(f"GRANT EXECUTE ON FUNCTION {function} TO {{role}}" for function in _owners_functions()),
                "REVOKE INSERT, UPDATE, DELETE ON django_migrations FROM {role}",
                *(["REVOKE UPDATE, DELETE, TRUNCATE ON {history} FROM {role}"] if history else []),
            ):
                cursor.execute(sql.SQL(statement).format(role=name, history=sql.SQL(", ").join(history)))
        self.stdout.write(f"{role} may use every table; {len(history)} tables are append-only for it.")


def _owners_functions() -> list[str]:
    """What runs as the owner of the tables, to do for the role what it may not do itself."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT oid::regprocedure::text FROM pg_proc"
            " WHERE prosecdef AND pronamespace = 'public'::regnamespace AND proowner = current_user::regrole"
        )
        return [row[0] for row in cursor.fetchall()]
