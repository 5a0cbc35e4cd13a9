import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import ProgrammingError, connection, transaction

pytestmark = pytest.mark.django_db
REWRITES = ("UPDATE {0} SET {1} = {1}", "DELETE FROM {0}", "TRUNCATE {0}")

KEYS = {
    model._meta.db_table: next(field.column for field in model._meta.local_concrete_fields if field.column)
    for model in apps.get_models()
    if not model._meta.proxy
}


@pytest.fixture(autouse=True)
def _role() -> None:
    call_command("grant_app_role", verbosity=0)
    connection.cursor().execute("SET LOCAL ROLE opinion_market_app")


@pytest.mark.parametrize("statement", REWRITES)
@pytest.mark.parametrize("table", settings.APPEND_ONLY_TABLES)
def test_the_application_cannot_rewrite_history(table: str, statement: str) -> None:
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        connection.cursor().execute(statement.format(table, KEYS[table]))


@pytest.mark.parametrize(
    "statement", ["CREATE TABLE mine ()", "DROP TABLE trading_order", "DELETE FROM django_migrations"]
)
def test_the_application_cannot_change_tables(statement: str) -> None:
    with pytest.raises(ProgrammingError), transaction.atomic():
        connection.cursor().execute(statement)


def test_the_application_reads_and_writes_everything_else() -> None:
    with connection.cursor() as cursor:
        for table in settings.APPEND_ONLY_TABLES:
            cursor.execute(f"SELECT count(*) FROM {table}")
        cursor.execute("UPDATE trading_order SET id = id")
        cursor.execute("DELETE FROM trading_order")


def test_a_password_comes_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    connection.cursor().execute("RESET ROLE")
    monkeypatch.setenv("ROLE_PASSWORD", "it's a long one")
    call_command("grant_app_role", "--role", "app_of_test", "--password-env", "ROLE_PASSWORD", verbosity=0)
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolpassword LIKE 'SCRAM-SHA-256%%' FROM pg_authid WHERE rolname = 'app_of_test'")
        assert cursor.fetchone() == (True,)
    monkeypatch.delenv("ROLE_PASSWORD")
    with pytest.raises(CommandError, match=r"^ROLE_PASSWORD must be set to the password of app_of_test\.$"):
        call_command("grant_app_role", "--role", "app_of_test", "--password-env", "ROLE_PASSWORD", verbosity=0)
